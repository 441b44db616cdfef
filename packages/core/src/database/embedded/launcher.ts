import { existsSync, readFileSync, rmSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { InkError } from "../../errors.js";
import { MAJOR, runBinary } from "./binaries.js";
import { type Cluster, clusterFolder, ensureCluster, failed, isAlive, makeSocketDir, USER } from "./cluster.js";

/** Held shared by every user of the server, and alone by the one who stops it. */
const USERS_LOCK = 7_264_800;
const DATABASE = "postgres";
const PATIENCE_MS = 60_000;

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A claim on the embedded server: it runs at least until this is closed. */
export interface EmbeddedDatabase {
  readonly connection: Connection;
  /** The last to close stops the server. Close all connections of one's own before. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** An absolute path. */
  readonly dataDir: string;
}

/**
 * Starts the server of a data folder, or joins it when it runs.
 *
 * There is no lock file of our own: a user connects and takes a shared advisory lock on a connection that is
 * kept. A killed user's lock goes with its socket; the server it leaves is found, and stopped, by the next one.
 *
 * @throws InkError `embedded_failed`
 */
export async function openEmbedded({ dataDir }: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const cluster = await ensureCluster(dataDir);
  const connection = connectionOf(cluster);
  let closing = false;
  let kept = claim();

  // Whoever lost its claim (the server crashed) must have one again, or the next to close would stop the
  // server under it; claiming also starts a server that is gone.
  function claim(): Promise<pg.Client> {
    return joinServer(cluster, connection, () => {
      if (closing) return;
      kept = claim();
      kept.catch(() => {});
    });
  }

  await kept;
  return {
    connection,
    async close() {
      if (closing) return;
      closing = true;
      const client = await kept.catch(() => null);
      if (client !== null) await leave(client, cluster);
    },
  };
}

function connectionOf({ socketDir, password }: Cluster): Connection {
  return { host: socketDir, port: 5432, user: USER, password, database: DATABASE };
}

/** Connects and takes the shared lock, starting the server as often as it is found gone. */
async function joinServer(cluster: Cluster, connection: Connection, onLost: () => void): Promise<pg.Client> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = new pg.Client({ ...connection, keepAlive: true, connectionTimeoutMillis: 10_000 });
    let joined = false;
    client.on("error", () => {});
    client.on("end", () => {
      if (joined) onLost();
    });
    try {
      await client.connect();
      // Waits while the last user is stopping the server; then the connection breaks and the loop goes on.
      await client.query("select pg_advisory_lock_shared($1)", [USERS_LOCK]);
      joined = true;
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (isWrongPassword(error)) throw failed("refuses its own password; its password file was replaced", error);
      if (Date.now() > deadline)
        throw failed(`did not answer within ${PATIENCE_MS / 1000} s; its log is ${logOf(cluster)}`, error);
      if (isAbsent(error)) await start(cluster, deadline);
      else await sleep(30);
    }
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "");
const isAbsent = (error: unknown) => ["ECONNREFUSED", "ENOENT"].includes(codeOf(error));
const isWrongPassword = (error: unknown) => codeOf(error) === "28P01";
const logOf = ({ folder }: Cluster) => join(folder, "server.log");
const pidFile = ({ folder }: Cluster) => join(folder, "postmaster.pid");

/** `postmaster.pid` is PostgreSQL's own start lock: of several starters one gets through, the others try again. */
async function start(cluster: Cluster, deadline: number): Promise<void> {
  removeForeignPid(cluster);
  await makeSocketDir(cluster);
  const settings = [
    "-c listen_addresses=''",
    `-c unix_socket_directories='${cluster.socketDir}'`,
    "-c unix_socket_permissions=0700",
    "-c max_connections=200",
    "-c max_wal_size=2GB",
  ].join(" ");
  try {
    await runBinary(cluster.native, "pg_ctl", [
      "start",
      "-D",
      cluster.folder,
      "-w",
      "-t",
      "30",
      "-s",
      "-l",
      logOf(cluster),
      "-o",
      settings,
    ]);
  } catch (error) {
    if (Date.now() > deadline) throw failed(`could not be started; its log is ${logOf(cluster)}`, error);
    await sleep(50);
  }
}

/**
 * Removes a `postmaster.pid` whose process is another program: after a container restart the old number may
 * belong to anything of the same user, and PostgreSQL then takes it for a running server.
 */
function removeForeignPid(cluster: Cluster): void {
  const before = readPid(cluster);
  if (before === null || isPostgres(before.pid)) return;
  if (readPid(cluster)?.text === before.text) rmSync(pidFile(cluster), { force: true });
}

function readPid(cluster: Cluster): { pid: number; text: string } | null {
  if (!existsSync(pidFile(cluster))) return null;
  const text = readFileSync(pidFile(cluster), "utf8");
  const pid = Number(text.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, text } : null;
}

/** Without /proc (macOS) a living process is believed. */
function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return true;
  const command = `/proc/${pid}/cmdline`;
  return !existsSync("/proc/self") || (existsSync(command) && readFileSync(command, "utf8").includes("postgres"));
}

/** Gives up the claim; whoever then gets the lock alone was the last, and stops the server while holding it. */
async function leave(client: pg.Client, cluster: Cluster): Promise<void> {
  try {
    await client.query("select pg_advisory_unlock_shared($1)", [USERS_LOCK]);
    if (await isAlone(client)) await stop(cluster);
  } catch (error) {
    // The server went away by itself: there is nothing left to stop.
    if (error instanceof InkError) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function isAlone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ alone: boolean }>("select pg_try_advisory_lock($1) as alone", [USERS_LOCK]);
  return rows[0]?.alone === true;
}

async function stop(cluster: Cluster): Promise<void> {
  try {
    await runBinary(cluster.native, "pg_ctl", ["stop", "-D", cluster.folder, "-m", "fast", "-w", "-t", "60", "-s"]);
  } catch (error) {
    if (readPid(cluster) !== null) throw failed(`could not be stopped; its log is ${logOf(cluster)}`, error);
  }
  // A short folder for the socket is of no use without a server; rmdir removes it only when it is empty.
  if (cluster.socketDir !== cluster.folder) await rmdir(cluster.socketDir).catch(() => {});
}

export interface EmbeddedStatus {
  readonly state: "absent" | "stopped" | "running";
  readonly pid?: number;
  readonly version: string;
  readonly dataDir: string;
}

/** Whether there is a database in the folder, and whether its server runs. Starts nothing. */
export async function embeddedStatus({ dataDir }: EmbeddedOptions): Promise<EmbeddedStatus> {
  if (!existsSync(clusterFolder(dataDir))) return { state: "absent", version: MAJOR, dataDir };
  const cluster = await ensureCluster(dataDir);
  const client = await connectOnce(cluster);
  if (client === null) return { state: "stopped", version: MAJOR, dataDir };
  await client.end();
  const pid = readPid(cluster)?.pid;
  return { state: "running", version: MAJOR, dataDir, ...(pid === undefined ? {} : { pid }) };
}

/** Starts the server and leaves it running without a user, until `stopEmbedded` or the last user after it. */
export async function startEmbedded({ dataDir }: EmbeddedOptions): Promise<void> {
  const cluster = await ensureCluster(dataDir);
  const client = await joinServer(cluster, connectionOf(cluster), () => {});
  await client.end();
}

/** Stops the server. @throws InkError `embedded_failed` while others use it. */
export async function stopEmbedded({ dataDir }: EmbeddedOptions): Promise<void> {
  if (!existsSync(clusterFolder(dataDir))) return;
  const cluster = await ensureCluster(dataDir);
  const client = await connectOnce(cluster);
  if (client === null) return;
  try {
    if (!(await isAlone(client)))
      throw new InkError("embedded_failed", `The embedded database is in use: ${await users(client)}. End them first.`);
    await stop(cluster);
  } finally {
    await client.end().catch(() => {});
  }
}

async function connectOnce(cluster: Cluster): Promise<pg.Client | null> {
  const client = new pg.Client({ ...connectionOf(cluster), connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (isAbsent(error) || codeOf(error) === "57P03") return null;
    throw error;
  }
}

async function users(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ count: string }>(
    "select count(distinct pid) as count from pg_locks where locktype = 'advisory' and objid = $1 and granted",
    [USERS_LOCK],
  );
  const count = Number(rows[0]?.count ?? 0);
  return count === 1 ? "1 process uses it" : `${count} processes use it`;
}
