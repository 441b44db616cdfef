import { resolve } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { z } from "zod";
import { type Config, parseConfig, readEnvironment } from "./config.js";
import { connect, type Database } from "./database/connect.js";
import { openEmbedded } from "./database/embedded/launcher.js";
import { migrate } from "./database/migrate.js";
import { guardCurrency } from "./database/settings.js";
import { InkError } from "./errors.js";
import { type Freshness, freshnessOf } from "./freshness.js";
import { createImports, type Imports } from "./imports/import.js";
import { type LiveMessage, orderEvents } from "./orders/events.js";
import { newestSeq } from "./orders/lane.js";
import { createSales } from "./orders/sales.js";
import { createOrderWriter, type OrderWriter } from "./orders/writer.js";
import { parseMoment } from "./period.js";
import { type Context, findReport, parseInput, type Report } from "./report.js";
import { reports as builtIn } from "./reports.js";
import { readSnapshot } from "./snapshot.js";
import { fitText, joinLines } from "./text.js";

type BuiltIn = (typeof builtIn)[number];
type Named<R extends Report, N extends string> = Extract<R, { readonly name: N }>;

/** What a report was asked with: its own parameters, and the moment. */
export type ReportParams<R extends Report> = z.input<R["input"]> & { asOf?: string };

/** A report's answer, the same for every face. */
export interface Answer<Data = Record<string, unknown>> {
  readonly data: Data;
  readonly text: string;
  /** How new the data is it was answered from. */
  readonly freshness: Freshness[];
  /** The newest order event counted: pass it to `orders.events({ after })`. */
  readonly seq: number;
}

export interface InkOptions<R extends readonly Report[] = readonly Report[]> {
  /** PostgreSQL 14 or newer; null: the embedded one, whatever the environment says. */
  databaseUrl?: string | null;
  dataDir?: string;
  timeZone?: string;
  currency?: string;
  /** The clock: returns an ISO 8601 moment with an offset. */
  now?: () => string;
  /** Reports of one's own, added to those there are. */
  reports?: R;
  /** Variables to read settings from, instead of the process's own and its `.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Told of trouble that no caller waits for, such as a connection lost while idle. */
  onError?: (error: Error) => void;
}

/** The one object the faces use. Close it when done: the embedded database stops with its last user. */
export interface Ink<R extends Report = BuiltIn> {
  readonly config: Omit<Config, "databaseUrl">;
  readonly reports: readonly Report[];
  /** Names of the migrations that opening it ran. */
  readonly migrated: readonly string[];
  readonly orders: OrderWriter & {
    /** Live messages after a cursor, oldest first: how a reader that was away catches up. */
    events(options: { after: number; limit?: number }): Promise<{ events: LiveMessage[]; next: number }>;
  };
  readonly imports: Imports;
  /** Answers a report. @throws InkError `unknown_report` or `bad_parameter`. */
  report<N extends R["name"]>(
    name: N,
    params?: ReportParams<Named<R, N>>,
  ): Promise<Answer<z.output<Named<R, N>["output"]>>>;
  /** Answers several reports, by names and parameters from outside, from one snapshot of the database. */
  answer(calls: readonly ReportCall[]): Promise<{ asOf: string; seq: number; answers: Answer[] }>;
  /** Resolves when the database answers and its schema is there. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface ReportCall {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Opens MT Ink on the database of `DATABASE_URL`, or on the embedded one, and brings its schema up to date.
 *
 * @throws InkError `bad_config`, `database_unavailable`, `embedded_failed` or `settings_mismatch`.
 * @example
 * const ink = await openInk();
 * const today = await ink.report("compare_sales", { period: "day" });
 * today.data.current.revenue; // "1045.67"
 * await ink.close();
 */
export async function openInk<const R extends readonly Report[] = readonly []>(
  options: InkOptions<R> = {},
): Promise<Ink<BuiltIn | R[number]>> {
  const config = configOf(options);
  const reports = withOwn(options.reports ?? []);
  const onError = options.onError ?? (() => {});
  const { database, release } = await openDatabase(config, onError);
  try {
    const migrated = await migrate(database);
    await guardCurrency(database.db, config.currency);
    return createInk({ config, reports, migrated, database, release, now: clockOf(options) });
  } catch (error) {
    await database.close().finally(release);
    throw error;
  }
}

interface Parts {
  config: Config;
  reports: readonly Report[];
  migrated: readonly string[];
  database: Database;
  release: () => Promise<void>;
  now: () => Temporal.Instant;
}

function createInk<R extends Report>({ config, reports, migrated, database, release, now }: Parts): Ink<R> {
  const { db, pool } = database;
  const writer = createOrderWriter(db, config);
  const imports = createImports({ db, pool, config });
  const { databaseUrl: _secret, ...shown } = config;

  async function answer(calls: readonly ReportCall[]) {
    const moment = now();
    const parsed = calls.map(({ name, params = {} }) => {
      const report = findReport(reports, name);
      const { asOf, input } = parseInput(report, params);
      return { report, input, asOf: asOf === undefined ? moment : parseMoment(asOf, config.timeZone) };
    });
    return readSnapshot(db, async (tx, seq) => {
      const sales = createSales(tx);
      const context = (asOf: Temporal.Instant): Context => ({ ...config, config, asOf, sales, db: tx });
      const answers = await Promise.all(
        parsed.map(async ({ report, input, asOf }): Promise<Answer> => {
          const own = context(asOf);
          const [result, freshness] = await Promise.all([report.run(own, input), freshnessOf(own)]);
          const data = report.output.parse(result);
          return { data, text: fitText(joinLines(report.text(data)), 4096), freshness, seq };
        }),
      );
      return { asOf: moment.toString(), seq, answers };
    });
  }

  function report<N extends R["name"]>(
    name: N,
    params?: ReportParams<Named<R, N>>,
  ): Promise<Answer<z.output<Named<R, N>["output"]>>>;
  async function report(name: string, params: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const { answers } = await answer([{ name, params }]);
    const [only] = answers;
    if (only === undefined) throw new Error("one call has one answer");
    return only;
  }

  return {
    config: shown,
    reports,
    migrated,
    orders: { ...writer, events: ({ after, limit = 500 }) => orderEvents(db, after, limit) },
    imports,
    report,
    answer,
    async ping() {
      await newestSeq(db);
    },
    async close() {
      await writer.close();
      await database.close();
      await release();
    },
  };
}

function configOf({ env, databaseUrl, dataDir, timeZone, currency }: InkOptions): Config {
  const config = parseConfig({
    ...(env ?? readEnvironment()),
    ...(dataDir === undefined ? {} : { MTINK_DATA_DIR: dataDir }),
    ...(timeZone === undefined ? {} : { MTINK_TIME_ZONE: timeZone }),
    ...(currency === undefined ? {} : { MTINK_CURRENCY: currency }),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl ?? "" }),
  });
  return { ...config, dataDir: resolve(config.dataDir) };
}

function withOwn(own: readonly Report[]): readonly Report[] {
  const taken = new Set<string>(builtIn.map((report) => report.name));
  for (const { name } of own) {
    if (taken.has(name))
      throw new InkError("bad_config", `There is a report "${name}" already; give yours another name.`);
    taken.add(name);
  }
  return [...builtIn, ...own];
}

function clockOf({ now }: InkOptions): () => Temporal.Instant {
  return now === undefined ? () => Temporal.Now.instant().round("millisecond") : () => Temporal.Instant.from(now());
}

async function openDatabase({ databaseUrl, dataDir }: Config, onError: (error: Error) => void) {
  if (databaseUrl !== null) {
    return { database: await connect({ connectionString: databaseUrl }, onError), release: async () => {} };
  }
  const embedded = await openEmbedded({ dataDir });
  try {
    return { database: await connect(embedded.connection, onError), release: () => embedded.close() };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}
