import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { type Ink, type InkOptions, openInk } from "../ink.js";
import { admin, databaseUrl, TEMPLATE } from "./postgres-server.js";

/** A database of its own for a test file, made from the template; gone when the file is done. */
export function testDatabase() {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const server = inject("serverUrl");
  const url = databaseUrl(server, name);
  const inks: Ink[] = [];

  beforeAll(() => admin(server, `create database ${name} template ${TEMPLATE}`));
  afterAll(async () => {
    for (const ink of inks) await ink.close();
    await admin(server, `drop database if exists ${name} with (force)`);
  });

  return {
    url,
    /** Opens an ink on it, closed after the file. */
    async open(options: Omit<InkOptions<readonly []>, "databaseUrl" | "reports"> = {}): Promise<Ink> {
      const ink = await openInk({ env: {}, ...options, databaseUrl: url });
      inks.push(ink);
      return ink;
    },
    /** Runs SQL as a user of the database would. */
    async query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<T>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    /** Takes out all data, between the tests of a file. */
    async empty(): Promise<void> {
      await this.query(`truncate mt_ink.orders, mt_ink.refunds, mt_ink.order_events, mt_ink.spotify_weekly_stats,
        mt_ink.spotify_country_stats, mt_ink.monthly_revenue, mt_ink.spotify_pool_payments, mt_ink.exchange_rates,
        mt_ink.imports, mt_ink.staged_orders, mt_ink.staged_figures`);
    },
  };
}
