import { Big } from "big.js";
import { z } from "zod";
import { changeSchema } from "../comparisons/figures.js";
import { changeOfCount, formatCount, formatMoney, formatPercent } from "../money.js";
import { isoMoment } from "../period.js";
import { type Context, defineReport } from "../report.js";
import { alignColumns, countOf, joinLines, shortDate } from "../text.js";
import { displayRate, dollarsFor, type PoolRate, poolRate, rateSchema } from "./pool-rate.js";
import { type WeekMinutes, weeksOfMinutes } from "./weeks.js";

const input = z.object({
  weeks: z.coerce.number().int().min(1).max(260).default(12).describe("The newest weeks that have data"),
});

const output = z.object({
  asOf: z.string(),
  timeZone: z.string(),
  currency: z.literal("USD"),
  minutesPerListen: z.int(),
  weeks: z
    .array(
      z.object({
        weekStart: z.string(),
        weekEnd: z.string().describe("Last day, included"),
        minutes: z.number(),
        completedListens: z.number().describe("minutes / minutesPerListen, one decimal"),
        estimatedRevenue: z.string().nullable().describe("USD at the rate; null without a rate"),
        change: changeSchema.nullable().describe("Of minutes, to the week before in the data; null for the first"),
        source: z.enum(["total", "countries"]),
      }),
    )
    .describe("Newest first"),
  rate: rateSchema.nullable().describe("Null while no payment is known"),
});

/**
 * Listening of the newest reported weeks: minutes, completed-listen equivalents and estimated dollars.
 *
 * Weekly reports are estimates; what Spotify pays is in the statements. Completed listens are minutes ÷
 * `minutesPerListen`, a property of the titles (530 unless set).
 *
 * @example
 * const { weeks } = await spotifyListening(context, { weeks: 1 });
 * weeks[0]; // { weekStart: "2025-12-22", minutes: 145000, completedListens: 273.6, estimatedRevenue: "1498.70", … }
 */
export async function spotifyListening(
  context: Context,
  { weeks }: z.output<typeof input>,
): Promise<z.output<typeof output>> {
  const rate = await poolRate(context);
  const found = await weeksOfMinutes(context, weeks + 1);
  const { minutesPerListen } = context.config;
  return {
    asOf: isoMoment(context.asOf, context.timeZone),
    timeZone: context.timeZone,
    currency: "USD",
    minutesPerListen,
    weeks: found.slice(0, weeks).map((week, index) => weekFigures(week, found[index + 1], rate, minutesPerListen)),
    rate: rate === null ? null : displayRate(rate),
  };
}

function weekFigures(
  week: WeekMinutes,
  before: WeekMinutes | undefined,
  rate: PoolRate | null,
  minutesPerListen: number,
) {
  const minutes = Number(week.minutes);
  return {
    weekStart: week.weekStart,
    weekEnd: week.weekEnd,
    minutes,
    completedListens: Number(new Big(week.minutes).div(minutesPerListen).toFixed(1, Big.roundHalfUp)),
    estimatedRevenue: rate === null ? null : dollarsFor(week.minutes, rate),
    change: before === undefined ? null : changeOfCount(minutes, Number(before.minutes)),
    source: week.source,
  };
}

export const spotifyListeningReport = defineReport({
  name: "spotify_listening",
  title: "Spotify listening",
  description:
    "Use when asked how much the audiobooks were listened to on Spotify, week by week, and what that is worth. Not for shop sales: sales_by_day.",
  input,
  output,
  run: spotifyListening,
  text: ({ weeks, rate }) =>
    weeks.length === 0
      ? "No Spotify weeks yet. Import a weekly report: mt-ink import weekly.csv"
      : joinLines(
          `Spotify, last ${countOf(weeks.length, "week")} with data`,
          "",
          ...alignColumns([
            ["Week of", "min", "est.", ""],
            ...weeks
              .slice(0, 60)
              .map((week) => [
                shortDate(week.weekStart),
                formatCount(week.minutes),
                week.estimatedRevenue === null ? "n/a" : formatMoney(week.estimatedRevenue, "USD"),
                week.change === null ? "" : formatPercent(week.change.percent),
              ]),
          ]),
          "",
          rate === null
            ? "No pool rate yet: import a payment (quarter,amount,minutes), or set MTINK_POOL_RATE."
            : `Estimated at $${rate.perMinute} a minute (${rate.sourceQuarter ?? rate.policy})`,
        ),
});
