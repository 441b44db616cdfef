import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InkError } from "../../errors.js";
import { findBinaries, isTraversable, MAJOR, runBinary, serverIdentity } from "./binaries.js";

export const USER = "mt_ink";
const FOLDER = `pg${MAJOR}`;
/** The address of a unix socket has 108 bytes, the last of them zero. */
const LONGEST_SOCKET = 107;
const SOCKET_NAME = "/.s.PGSQL.5432.lock";

/** A database folder that exists, and what is needed to start it and to get in. */
export interface Cluster {
  /** PostgreSQL's own data folder. */
  readonly folder: string;
  readonly socketDir: string;
  readonly password: string;
  readonly native: string;
}

export const clusterFolder = (dataDir: string) => join(dataDir, FOLDER);

/**
 * Finds the cluster of a data folder, or makes it. Several processes may do so at once: each initialises a
 * folder aside, and the one whose rename comes first wins.
 *
 * @throws InkError `embedded_failed`: data of another major version, a folder that cannot be written.
 */
export async function ensureCluster(dataDir: string): Promise<Cluster> {
  const native = findBinaries();
  const folder = clusterFolder(dataDir);
  refuseOtherMajor(dataDir, folder);
  if (!existsSync(folder)) {
    await makeDataDir(dataDir);
    await initialise(dataDir, folder, native);
  }
  // Through the link root's data has, the server's user would not get.
  const real = await realpath(folder);
  return { folder: real, native, password: await readPassword(dataDir), socketDir: await socketDirOf(real) };
}

function refuseOtherMajor(dataDir: string, folder: string): void {
  if (existsSync(folder)) {
    const version = readVersion(folder);
    if (version === MAJOR) return;
    throw otherMajor(version, dataDir);
  }
  const other = existsSync(dataDir) ? readdirSync(dataDir).find((name) => /^pg\d+$/.test(name)) : undefined;
  if (other !== undefined) throw otherMajor(other.slice(2), dataDir);
}

const readVersion = (folder: string) => {
  const file = join(folder, "PG_VERSION");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "unknown";
};

const otherMajor = (version: string, dataDir: string) =>
  new InkError(
    "embedded_failed",
    `The data in ${dataDir} is of PostgreSQL ${version}, this MT Ink brings ${MAJOR}. Back it up with the MT Ink that made it, then restore it into an empty MTINK_DATA_DIR.`,
  );

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (cause) {
    throw new InkError(
      "embedded_failed",
      `The data folder ${dataDir} cannot be made. Set MTINK_DATA_DIR to one you may write to.`,
      { cause },
    );
  }
}

async function initialise(dataDir: string, folder: string, native: string): Promise<void> {
  await removeLeftovers(dataDir);
  const password = await makePassword(dataDir);
  const identity = serverIdentity();
  const place = identity === null || isTraversable(dataDir) ? folder : await placeForRoot(dataDir);
  const aside = `${place}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  const pwfile = `${aside}.pw`;
  try {
    await mkdir(aside, { mode: 0o700 });
    await writeFile(pwfile, password, { mode: 0o600 });
    if (identity !== null) for (const path of [aside, pwfile]) await chown(path, identity.uid, identity.gid);
    await runBinary(native, "initdb", [
      ...["-D", aside, "-U", USER, `--pwfile=${pwfile}`, "--auth=scram-sha-256"],
      ...["--locale=C", "-E", "UTF8", "--no-instructions"],
    ]);
    await rename(aside, place);
    if (place !== folder) await symlink(place, folder);
  } catch (cause) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw failed("could not be initialised", cause);
  } finally {
    await rm(pwfile, { force: true });
  }
}

/** The server's own words are in stderr; the last line says what is wrong. */
export function failed(what: string, cause: unknown): InkError {
  const stderr = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
  const reason = stderr.split("\n").at(-1) ?? "";
  return new InkError("embedded_failed", `The embedded PostgreSQL ${what}${reason === "" ? "" : ` (${reason})`}.`, {
    cause,
  });
}

/** What a process left behind that died while it initialised. */
async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    const pid = new RegExp(`^${FOLDER}\\.new-(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Where root's data goes when the server's user cannot pass the folders above it (a 0700 home): PostgreSQL
 * itself must get there. The data folder then has a link.
 */
async function placeForRoot(dataDir: string): Promise<string> {
  const place = join("/var/lib/mt-ink", hash(dataDir), FOLDER);
  await mkdir(dirname(place), { recursive: true, mode: 0o755 });
  return place;
}

const passwordFile = (dataDir: string) => join(dataDir, `${FOLDER}.password`);

/** Written aside and linked into place, so that of several processes one password counts and is never half there. */
async function makePassword(dataDir: string): Promise<string> {
  const file = passwordFile(dataDir);
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(aside, randomBytes(24).toString("hex"), { mode: 0o600 });
  try {
    await link(aside, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await unlink(aside);
  }
  return readPassword(dataDir);
}

async function readPassword(dataDir: string): Promise<string> {
  try {
    return await readFile(passwordFile(dataDir), "utf8");
  } catch (cause) {
    throw new InkError(
      "embedded_failed",
      `The password file ${passwordFile(dataDir)} of the embedded database cannot be read.`,
      { cause },
    );
  }
}

/**
 * Where the socket lies: in the data folder, or for a deep one in a short private folder of the server's user.
 * Such a folder is refused when somebody else has put it there: their server would be talked to.
 */
async function socketDirOf(folder: string): Promise<string> {
  if (Buffer.byteLength(folder + SOCKET_NAME) < LONGEST_SOCKET) return folder;
  const owner = socketOwner();
  const short = join(tmpdir(), `mt-ink-${hash(`${owner.uid} ${folder}`)}`);
  if (!existsSync(short)) return short;
  const found = await lstat(short);
  const ours = found.uid === owner.uid || found.uid === process.getuid?.();
  if (found.isDirectory() && ours && (found.mode & 0o077) === 0) return short;
  throw new InkError(
    "embedded_failed",
    `${short} belongs to somebody else; remove it, or set MTINK_DATA_DIR to a shorter path.`,
  );
}

const socketOwner = () => serverIdentity() ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Makes the short folder for the socket, where one is needed; whoever stopped the server before took it away. */
export async function makeSocketDir({ folder, socketDir }: Cluster): Promise<void> {
  if (socketDir === folder) return;
  const { uid, gid } = socketOwner();
  await mkdir(socketDir, { mode: 0o700 }).catch((error) => {
    if (!existsSync(socketDir)) throw error;
  });
  await socketDirOf(folder);
  await chown(socketDir, uid, gid);
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
