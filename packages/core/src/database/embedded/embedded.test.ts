import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openInk } from "../../ink.js";
import { mtInk } from "../../testing/process.js";
import { embeddedStatus, openEmbedded, startEmbedded, stopEmbedded } from "./launcher.js";

let dataDir = "";
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "mt-ink-embedded-"));
  await chmod(folder, 0o755);
  dataDir = join(folder, "data");
});
afterEach(async () => {
  await stopEmbedded({ dataDir }).catch(() => {});
  await rm(join(dataDir, ".."), { recursive: true, force: true });
});

const WORKER = join(import.meta.dirname, "../../testing/embedded-worker.mjs");
const order = (externalId: string) => ({
  platform: "other",
  externalId,
  createdAt: "2026-02-03T14:30:00Z",
  total: "1.00",
  currency: "GBP",
});
const ids = async () => {
  const ink = await openInk({ env: {}, databaseUrl: null, dataDir });
  const { data } = await ink.report("recent_orders", { limit: 200, asOf: "2026-02-04T00:00" });
  await ink.close();
  return data.orders.map((each) => each.id);
};
const state = async () => (await embeddedStatus({ dataDir })).state;
const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

it("[P12] several processes open, write and close at random, some are killed: nothing lost, nothing left running", async () => {
  const acknowledged: string[] = [];
  const processes = 6;
  await Promise.all(
    Array.from({ length: processes }, async (_, number) => {
      for (let round = 0; round < 4; round += 1) {
        const killed = (number + round) % 5 === 0;
        acknowledged.push(...(await worker(`${number}-${round}`, killed)));
        await sleep(((number * 37 + round * 53) % 11) * 20);
      }
    }),
  );
  expect(acknowledged.length).toBeGreaterThan(processes * 4);
  const stored = await ids();
  expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
  expect(await state()).toBe("stopped");
  expect(existsSync(join(dataDir, "pg18", "postmaster.pid"))).toBe(false);
}, 180_000);

/** A process that opens an ink, writes orders and closes, or is killed after its first; the ids it was told are written. */
async function worker(name: string, killed: boolean): Promise<string[]> {
  const child = spawn(process.execPath, [WORKER, dataDir, name], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: string[] = [];
  for await (const line of lines(child)) {
    acknowledged.push(line);
    if (killed) child.kill("SIGKILL");
  }
  return acknowledged;
}

async function* lines(child: ChildProcess): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of child.stdout ?? []) {
    rest += String(chunk);
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    yield* whole;
  }
}

it("[P12] the server outlives a killed user, is joined by the next one and stopped by the last", async () => {
  await worker("killed", true);
  expect(await state()).toBe("running");
  const [first, second] = [await openEmbedded({ dataDir }), await openEmbedded({ dataDir })];
  await first.close();
  expect(await state()).toBe("running");
  await second.close();
  expect(await state()).toBe("stopped");
});

it("[P12] a server killed outright under its users is started again, with what was acknowledged", async () => {
  const ink = await openInk({ env: {}, databaseUrl: null, dataDir });
  await ink.orders.write([order("before")]);
  const { pid = 0 } = await embeddedStatus({ dataDir });
  process.kill(pid, "SIGKILL");
  while (isAlive(pid)) await sleep(20);
  for (let tries = 0; ; tries += 1) {
    const written = await ink.orders.write([order("after")]).then(
      () => true,
      () => false,
    );
    if (written) break;
    expect(tries).toBeLessThan(100);
    await sleep(100);
  }
  await ink.close();
  expect((await ids()).sort()).toEqual(["after", "before"]);
  expect(await state()).toBe("stopped");
}, 60_000);

it("[P12] a postmaster.pid whose number now belongs to another program is recognised", async () => {
  const server = await openEmbedded({ dataDir });
  await server.close();
  const bystander = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], {
    stdio: "ignore",
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  });
  const file = join(dataDir, "pg18", "postmaster.pid");
  await writeFile(file, `${bystander.pid}\n${join(dataDir, "pg18")}\n1700000000\n5432\n\n\n  0 0\nready\n`);
  try {
    const again = await openEmbedded({ dataDir });
    expect(await state()).toBe("running");
    await again.close();
  } finally {
    bystander.kill();
  }
});

it("[P12] processes that meet an empty folder make one database between them", async () => {
  const opened = await Promise.all(Array.from({ length: 5 }, () => openEmbedded({ dataDir })));
  const { pid } = await embeddedStatus({ dataDir });
  expect(pid).toBeGreaterThan(0);
  expect(new Set(opened.map(({ connection }) => connection.password)).size).toBe(1);
  await Promise.all(opened.map((each) => each.close()));
  expect(await state()).toBe("stopped");
});

it("works in a folder whose path is longer than a socket's address may be", async () => {
  const top = dataDir;
  dataDir = join(top, "a-folder-with-quite-a-long-name".repeat(3), "and-another-one-below-it".repeat(2), "data");
  const server = await openEmbedded({ dataDir });
  expect(Buffer.byteLength(server.connection.host)).toBeLessThan(80);
  await server.close();
  expect(existsSync(server.connection.host)).toBe(false);
  expect(await state()).toBe("stopped");
  dataDir = top;
});

it("works below a folder that others may not enter, as a home folder is", async () => {
  await mkdir(join(dataDir, "home"), { recursive: true });
  const home = join(dataDir, "home");
  await chmod(home, 0o700);
  const server = await openEmbedded({ dataDir: join(home, "data") });
  expect((await embeddedStatus({ dataDir: join(home, "data") })).state).toBe("running");
  await server.close();
  // For root the data itself lies elsewhere, where the server's user may go.
  const place = await realpath(join(home, "data", "pg18"));
  if (!place.startsWith(home)) await rm(join(place, ".."), { recursive: true });
});

it("keeps its password in a file only its owner reads, and asks for it", async () => {
  const server = await openEmbedded({ dataDir });
  const file = join(dataDir, "pg18.password");
  expect(await readFile(file, "utf8")).toMatch(/^[0-9a-f]{48}$/);
  const { default: pg } = await import("pg");
  const stranger = new pg.Client({ ...server.connection, password: "wrong" });
  await expect(stranger.connect()).rejects.toMatchObject({ code: "28P01" });
  await server.close();
});

it("refuses data of another major version, and says what to do", async () => {
  await mkdir(join(dataDir, "pg17"), { recursive: true });
  await expect(openEmbedded({ dataDir })).rejects.toThrow(/PostgreSQL 17.*brings 18.*restore/);
});

it("is started, shown and stopped by hand; a used one is not stopped", async () => {
  expect(await state()).toBe("absent");
  await startEmbedded({ dataDir });
  const env = { MTINK_DATA_DIR: dataDir };
  expect((await mtInk(["database", "status"], env)).out).toMatch(/is running \(process \d+\)/);
  const user = await openEmbedded({ dataDir });
  const refused = await mtInk(["database", "stop"], env);
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/in use: 1 process/) });
  await user.close();
  expect(await state()).toBe("stopped");
  expect((await mtInk(["database", "stop"], env)).code).toBe(0);
  expect(JSON.parse((await mtInk(["database", "status", "--json"], env)).out)).toMatchObject({
    state: "stopped",
    version: "18",
  });
  expect((await mtInk(["database", "jump"], env)).code).toBe(2);
}, 60_000);
