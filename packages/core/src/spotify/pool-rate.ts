import { Big } from "big.js";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { localDay } from "../period.js";
import type { Context } from "../report.js";

/** Dollars a minute, kept as a fraction so that amounts derive from the exact rate, never from its display. */
export interface PoolRate {
  readonly dollars: string;
  readonly minutes: string;
  readonly policy: string;
  /** The quarter it was paid for; null for a fixed rate. */
  readonly sourceQuarter: string | null;
}

export const rateSchema = z.object({
  perMinute: z.string().describe("USD, five decimals"),
  per1000: z.string().describe("USD for 1,000 minutes, two decimals"),
  policy: z.string().describe("latest, quarter:YYYY-Qn or fixed:N"),
  sourceQuarter: z.string().nullable().describe("The quarter whose payment it comes from"),
});

/**
 * The rate that turns minutes into estimated dollars: paid amount ÷ minutes of the quarter the policy names.
 *
 * A payment counts once its quarter has ended by `asOf`, whenever it was entered. Null when no such payment
 * is known.
 */
export async function poolRate({ db, asOf, timeZone, config }: Context): Promise<PoolRate | null> {
  const { poolRate: policy } = config;
  if (policy.kind === "fixed") {
    return { dollars: policy.perMinute, minutes: "1", policy: `fixed:${policy.perMinute}`, sourceQuarter: null };
  }
  const payments = await db
    .selectFrom("spotify_pool_payments")
    .select(["quarter", "amount", "minutes"])
    .where("minutes", ">", "0")
    .orderBy("quarter", "desc")
    .execute();
  const today = localDay(asOf, timeZone);
  const ended = payments.filter(({ quarter }) => Temporal.PlainDate.compare(quarterEnd(quarter), today) <= 0);
  const source = policy.kind === "latest" ? ended[0] : ended.find(({ quarter }) => quarter === policy.quarter);
  if (source === undefined || source.minutes === null) return null;
  return {
    dollars: source.amount,
    minutes: source.minutes,
    policy: policy.kind === "latest" ? "latest" : `quarter:${policy.quarter}`,
    sourceQuarter: source.quarter,
  };
}

/** Estimated dollars for so many minutes, rounded once to the cent, half away from zero. */
export function dollarsFor(minutes: string, rate: PoolRate): string {
  return new Big(minutes).times(rate.dollars).div(rate.minutes).toFixed(2, Big.roundHalfUp);
}

export function displayRate(rate: PoolRate): z.output<typeof rateSchema> {
  const exact = new Big(rate.dollars).div(rate.minutes);
  return {
    perMinute: exact.toFixed(5, Big.roundHalfUp),
    per1000: exact.times(1000).toFixed(2, Big.roundHalfUp),
    policy: rate.policy,
    sourceQuarter: rate.sourceQuarter,
  };
}

/** The first day after a quarter such as `2025-Q3`. */
export function quarterEnd(quarter: string): Temporal.PlainDate {
  const [year, number] = quarter.split("-Q").map(Number);
  return new Temporal.PlainDate(year ?? 0, 1, 1).add({ months: 3 * (number ?? 0) });
}
