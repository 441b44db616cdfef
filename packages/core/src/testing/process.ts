import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const CLI = join(import.meta.dirname, "../../bin/mt-ink.js");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `mt-ink` in a process of its own, with the given environment and none of ours. */
export function mtInk(args: readonly string[], env: Record<string, string>, cwd?: string): Promise<Ran> {
  return run(process.execPath, [CLI, ...args], env, cwd);
}

/** Runs a program to its end, with no input and only the given environment. */
export async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<Ran> {
  const child = spawn(program, [...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const [code]: unknown[] = await once(child, "close");
  return { code: typeof code === "number" ? code : null, out, err };
}
