import type { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Config } from "./config.js";
import type { Queries } from "./database/connect.js";
import { InkError } from "./errors.js";
import type { Sales } from "./orders/sales.js";
import { parseParameters } from "./parameters.js";

/** What a report may use: one moment, the settings, and one read-only snapshot of the database. */
export interface Context {
  /** Nothing placed at or after this moment is counted. */
  readonly asOf: Temporal.Instant;
  readonly timeZone: string;
  readonly currency: string;
  readonly config: Pick<Config, "minutesPerListen" | "poolRate">;
  readonly sales: Sales;
  /** For what is no sum of sales; inside the same read-only transaction. */
  readonly db: Queries;
}

/**
 * One question and its answer, as a plain object. Every face (REST, MCP, chat, page, command line) derives
 * from it, so a new report is one file and one line in `reports.ts`.
 */
export interface Report<
  Name extends string = string,
  In extends z.ZodObject = z.ZodObject,
  Out extends z.ZodObject = z.ZodObject,
> {
  readonly name: Name;
  readonly title: string;
  /** "Use when …; not for …": an assistant chooses by this sentence. */
  readonly description: string;
  /** Without `asOf`, which every report has. Wire-safe: no transforms, no dates. */
  readonly input: In;
  readonly output: Out;
  run(context: Context, input: z.output<In>): Promise<z.output<Out>>;
  /** At most 4,096 characters in lines of 40: it must stand alone on a phone. */
  text(answer: z.output<Out>): string;
}

export const defineReport = <Name extends string, In extends z.ZodObject, Out extends z.ZodObject>(
  report: Report<Name, In, Out>,
): Report<Name, In, Out> => report;

const asOf = z
  .string()
  .describe("Answer as if it were this moment: ISO 8601 with an offset, or local time of the shop; default: now");

/** The whole input of a report as a face sees it: its own parameters and `asOf`. */
export function inputSchema(report: Report): z.ZodObject {
  return z.strictObject({ ...report.input.shape, asOf: asOf.optional() });
}

/** A report's parameters from outside, apart from `asOf`. @throws InkError `bad_parameter` */
export function parseInput(report: Report, params: Readonly<Record<string, unknown>>) {
  const { asOf, ...input } = parseParameters(inputSchema(report), params, report.name);
  return { asOf: typeof asOf === "string" ? asOf : undefined, input };
}

/** The report of that name, or an error that lists those there are. */
export function findReport(reports: readonly Report[], name: string): Report {
  const found = reports.find((report) => report.name === name);
  if (found !== undefined) return found;
  const known = reports.map((report) => report.name).join(", ");
  throw new InkError("unknown_report", `No report "${name}". Known: ${known}.`);
}
