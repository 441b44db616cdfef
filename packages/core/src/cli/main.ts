import { InkError } from "../errors.js";
import { commands, usage } from "./commands.js";

const [name = "help", ...args] = process.argv.slice(2);

/** Exit codes: 0 done, 1 failed, 2 bad usage, 3 some rows rejected. */
async function main(): Promise<number> {
  if (["help", "--help", "-h"].includes(name)) {
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined)
    throw new InkError("bad_usage", `No command "${name}". Known: ${commands.map((each) => each.name).join(", ")}.`);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${command.usage}\n`);
    return 0;
  }
  return command.run(args);
}

// A reader that goes away (`| head`) is no failure to speak of.
process.stdout.on("error", () => process.exit(0));

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = exitCode(error);
}

function exitCode(error: unknown): number {
  if (!(error instanceof InkError)) return 1;
  if (error.code === "too_many_rejected") return 3;
  return ["bad_usage", "bad_parameter", "unknown_report"].includes(error.code) ? 2 : 1;
}

/** What a person reads; the details of a defect are shown with MTINK_DEBUG=1. */
function sentence(error: unknown): string {
  if (error instanceof InkError) return `mt-ink: ${error.message}`;
  if (process.env.MTINK_DEBUG === "1") return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const what = error instanceof Error ? error.message.split("\n")[0] : "unknown";
  return `mt-ink: this should not have happened (${what}). Run it again with MTINK_DEBUG=1 and report what it prints.`;
}
