import { type ParseArgsConfig, parseArgs } from "node:util";
import { InkError } from "../errors.js";

/** `parseArgs` of Node, strict, whose complaints become one sentence with the command's usage. */
export function parseArguments<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? "") : "";
    throw new InkError("bad_usage", `${reason}. Usage: ${usage}`, { cause: error });
  }
}

/** Refuses positional arguments beyond those a command takes. */
export function exactly(positionals: readonly string[], names: readonly string[], usage: string): string[] {
  if (positionals.length === names.length) return [...positionals];
  const problem =
    positionals.length < names.length
      ? `${names[positionals.length]} is missing`
      : `"${positionals[names.length]}" is too much`;
  throw new InkError("bad_usage", `${problem}. Usage: ${usage}`);
}
