import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { InkError } from "./errors.js";
import { isTimeZone } from "./period.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with the `.env` file of the working folder below it: what is set for the process wins. */
export function readEnvironment(folder: string = process.cwd()): Environment {
  const file = join(folder, ".env");
  return existsSync(file) ? { ...parseEnv(readFileSync(file, "utf8")), ...process.env } : process.env;
}

/** `latest`, the rate of one quarter, or a fixed number of dollars a minute. */
export type RatePolicy =
  | { kind: "latest" }
  | { kind: "quarter"; quarter: string }
  | { kind: "fixed"; perMinute: string };

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/.+/, "must be an address such as postgres://user:password@host:5432/name");

const poolRate = z
  .string()
  .regex(
    /^(latest|quarter:\d{4}-Q[1-4]|fixed:(?=.*[1-9])\d+(\.\d+)?)$/,
    "must be latest, quarter:YYYY-Qn (quarter:2025-Q3) or fixed:DOLLARS_A_MINUTE (fixed:0.00841)",
  )
  .default("latest");

const schema = z.object({
  DATABASE_URL: postgresUrl.optional(),
  MTINK_DATA_DIR: z.string().default("./.mt-ink"),
  MTINK_TIME_ZONE: z
    .string()
    .refine(isTimeZone, "must be an IANA time zone such as Europe/London or America/New_York")
    .default("Europe/London"),
  MTINK_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code of three capital letters, such as GBP, EUR or USD")
    .default("GBP"),
  MTINK_MINUTES_PER_LISTEN: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, "must be a whole number of minutes above 0, such as 530")
    .default("530"),
  MTINK_POOL_RATE: poolRate,
});

/** Settings of the library. Secrets are among them: never print this object. */
export interface Config {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly minutesPerListen: number;
  readonly poolRate: RatePolicy;
}

/**
 * The library's settings from environment variables; what is not set, or set to nothing, has its default.
 *
 * @throws InkError `bad_config`: one sentence that names each wrong variable and what is allowed.
 */
export function parseConfig(env: Environment): Config {
  const values = parseVariables(schema, env);
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.MTINK_DATA_DIR,
    timeZone: values.MTINK_TIME_ZONE,
    currency: values.MTINK_CURRENCY,
    minutesPerListen: Number(values.MTINK_MINUTES_PER_LISTEN),
    poolRate: parseRatePolicy(values.MTINK_POOL_RATE),
  };
}

/**
 * Reads the variables a schema names out of an environment. The wrong value itself is not repeated in the
 * error, because it may be a secret in the wrong place.
 */
export function parseVariables<S extends z.ZodObject>(variables: S, env: Environment): z.output<S> {
  const set = Object.fromEntries(
    Object.keys(variables.shape).map((name) => [name, env[name] === "" ? undefined : env[name]]),
  );
  const result = variables.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  throw new InkError("bad_config", `${problems.join("; ")}.`);
}

function parseRatePolicy(text: string): RatePolicy {
  if (text.startsWith("quarter:")) return { kind: "quarter", quarter: text.slice("quarter:".length) };
  if (text.startsWith("fixed:")) return { kind: "fixed", perMinute: text.slice("fixed:".length) };
  return { kind: "latest" };
}
