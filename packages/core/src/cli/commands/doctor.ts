import { Temporal } from "temporal-polyfill";
import { parseConfig, readEnvironment } from "../../config.js";
import { InkError } from "../../errors.js";
import { openInk } from "../../ink.js";
import { exactly, parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { print, printJson } from "../output.js";

const usage = "mt-ink doctor [--json]";

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
}

export const doctorCommand: Command = {
  name: "doctor",
  usage,
  purpose: "check configuration, database, schema and data; say what to do",
  async run(args) {
    const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, usage);
    exactly(positionals, [], usage);
    const findings = await examine();
    if (values.json === true) printJson(findings);
    else for (const { check, ok, found } of findings) print(`${ok ? "ok  " : "BAD "} ${check}: ${found}`);
    return findings.every((finding) => finding.ok) ? 0 : 1;
  },
};

/** Each check needs the one before; the first that fails is the last that is told. */
async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const config = parseConfig(readEnvironment());
    const where =
      config.databaseUrl === null ? `the embedded database in ${config.dataDir}` : "the database of DATABASE_URL";
    findings.push({ check: "configuration", ok: true, found: `${config.timeZone}, ${config.currency}, ${where}` });
    const ink = await openInk();
    try {
      await ink.ping();
      findings.push({ check: "database", ok: true, found: "it answers and its schema is up to date" });
      findings.push(...(await dataFindings(ink)));
    } finally {
      await ink.close();
    }
  } catch (error) {
    if (!(error instanceof InkError)) throw error;
    findings.push({
      check: error.code === "bad_config" ? "configuration" : "database",
      ok: false,
      found: error.message,
    });
  }
  return findings;
}

async function dataFindings(ink: Awaited<ReturnType<typeof openInk>>): Promise<Finding[]> {
  const { freshness, data } = await ink.report("spotify_listening", { weeks: 1 });
  const today = Temporal.Now.plainDateISO(ink.config.timeZone);
  const sources = freshness.map(({ source, newest }) => {
    const days = Temporal.PlainDate.from(newest.slice(0, 10)).until(today).days;
    return {
      check: source,
      ok: true,
      found: `newest data of ${newest} (${days === 0 ? "today" : `${days} days ago`})`,
    };
  });
  const none = { check: "data", ok: true, found: "none yet; import a file: mt-ink import orders.csv" };
  const rate =
    data.rate === null
      ? "no pool payment known; import a file with quarter,amount,minutes"
      : `$${data.rate.perMinute} a minute (${data.rate.policy})`;
  return [...(sources.length === 0 ? [none] : sources), { check: "pool rate", ok: true, found: rate }];
}
