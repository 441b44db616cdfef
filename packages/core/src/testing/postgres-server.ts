import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openEmbedded } from "../database/embedded/launcher.js";
import { openInk } from "../ink.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The server of this run, as a URL of its maintenance database. */
    serverUrl: string;
  }
}

export const TEMPLATE = "mt_ink_template";

/**
 * One server a run: the one of `MTINK_TEST_DATABASE_URL`, else an embedded one of its own. A template database
 * with the schema makes a fresh database for each test file a matter of milliseconds.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.MTINK_TEST_DATABASE_URL;
  const server = given === undefined || given === "" ? await embedded() : { url: given, stop: async () => {} };
  await createTemplate(server.url);
  project.provide("serverUrl", server.url);
  return async () => {
    await admin(server.url, `drop database if exists ${TEMPLATE}`);
    await server.stop();
  };
}

async function embedded() {
  const dataDir = await mkdtemp(join(tmpdir(), "mt-ink-test-"));
  // Root's server runs as another user, who must be able to pass.
  await chmod(dataDir, 0o755);
  const server = await openEmbedded({ dataDir });
  const { host, port, user, password, database } = server.connection;
  const url = new URL("postgres://localhost");
  url.username = user;
  url.password = password;
  url.pathname = database;
  url.searchParams.set("host", host);
  url.searchParams.set("port", String(port));
  return {
    url: url.href,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function createTemplate(url: string): Promise<void> {
  await admin(url, `drop database if exists ${TEMPLATE} with (force)`);
  await admin(url, `create database ${TEMPLATE} template template0 encoding 'UTF8'`);
  const ink = await openInk({ env: {}, databaseUrl: databaseUrl(url, TEMPLATE) });
  await ink.close();
}

/** The same server, another database. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

/** Runs one statement as the owner of the server, outside any transaction. */
export async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
