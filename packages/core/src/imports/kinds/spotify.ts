import { Temporal } from "temporal-polyfill";
import { parseCountry } from "../../country.js";
import {
  Rejection,
  readAmount,
  readCurrency,
  readDay,
  readMonth,
  readNumber,
  readQuarter,
  readWhole,
} from "../values.js";
import { figuresKind, type Target } from "./figures.js";

const WEEK_START = { name: "report_week_start", required: true, aliases: ["week_start", "week"] };

/** `weekly`: minutes of a week; a row without a country is the week's total. */
export const weeklyKind = figuresKind({
  name: "weekly",
  columns: [
    WEEK_START,
    { name: "report_week_end", required: false, aliases: ["week_end"] },
    { name: "total_minutes", required: true, aliases: ["total_listen_minutes"] },
    { name: "country", required: false },
  ],
  keyLabel: "week and country",
  targets: [
    {
      when: "true",
      table: "spotify_weekly_stats",
      key: { report_week_start: "s.period_start", country: "s.country" },
      values: { report_week_end: "s.period_end", total_minutes: "s.minutes" },
    },
  ],
  read: (cells) => {
    const start = readDay("report_week_start", cells("report_week_start"));
    const country = cells("country");
    return {
      periodStart: start,
      periodEnd: weekEnd(start, cells("report_week_end")),
      country: /^(|all|total)$/i.test(country) ? "ALL" : countryCode(country),
      minutes: readAmount("total_minutes", cells("total_minutes")),
    };
  },
});

/** `country`: minutes of a week in one country. */
export const countryKind = figuresKind({
  name: "country",
  columns: [WEEK_START, { name: "country", required: true }, { name: "minutes", required: true }],
  keyLabel: "week and country",
  targets: [
    {
      when: "true",
      table: "spotify_country_stats",
      key: { report_week_start: "s.period_start", country: "s.country" },
      values: { minutes: "s.minutes" },
    },
  ],
  read: (cells) => {
    const start = readDay("report_week_start", cells("report_week_start"));
    return {
      periodStart: start,
      periodEnd: weekEnd(start, ""),
      country: countryCode(cells("country")),
      minutes: readAmount("minutes", cells("minutes")),
    };
  },
});

const STATEMENT: Target = {
  when: "s.key = ''",
  table: "monthly_revenue",
  key: { month: "s.period_start" },
  values: { minutes_streamed: "s.minutes::bigint", revenue: "s.amount" },
};

/** `monthly`: the statement of a month, which supersedes its weeks. */
export const monthlyKind = figuresKind({
  name: "monthly",
  columns: [
    { name: "month", required: true },
    { name: "minutes_streamed", required: true },
    { name: "revenue", required: true },
  ],
  keyLabel: "month",
  targets: [STATEMENT],
  read: (cells) => ({
    ...monthOf(cells("month")),
    minutes: readWhole("minutes_streamed", cells("minutes_streamed")),
    amount: readNumber("revenue", cells("revenue")),
    currency: "USD",
  }),
});

/** `revenue`: a quarter's pool payment, or the statement of a month, row by row. */
export const revenueKind = figuresKind({
  name: "revenue",
  columns: [
    { name: "quarter", required: false },
    { name: "month", required: false },
    { name: "amount", required: true, aliases: ["revenue", "payment"] },
    { name: "minutes", required: true, aliases: ["minutes_streamed", "total_minutes"] },
    { name: "completes", required: false, aliases: ["completed_listens"] },
    { name: "currency", required: false },
  ],
  oneOf: [["quarter", "month"]],
  keyLabel: "quarter or month",
  targets: [
    STATEMENT,
    {
      when: "s.key <> ''",
      table: "spotify_pool_payments",
      key: { quarter: "s.key" },
      values: {
        amount: "s.amount",
        minutes: "s.minutes::bigint",
        completes:
          "coalesce(s.completes, (select p.completes from mt_ink.spotify_pool_payments p where p.quarter = s.key))",
        currency: "s.currency",
      },
    },
  ],
  read: (cells) => {
    const currency = cells("currency") === "" ? "USD" : readCurrency("currency", cells("currency"));
    if (currency !== "USD") throw new Rejection("currency", currency, "is not USD, in which Spotify's pool is paid");
    const figures = {
      currency,
      amount: readNumber("amount", cells("amount")),
      minutes: readWhole("minutes", cells("minutes")),
    };
    if (cells("quarter") === "") return { ...figures, ...monthOf(cells("month")) };
    const quarter = readQuarter("quarter", cells("quarter"));
    const completes = cells("completes");
    return {
      ...figures,
      ...quarterOf(quarter),
      ...(completes === "" ? {} : { completes: readAmount("completes", completes) }),
    };
  },
});

function monthOf(text: string) {
  const month = readMonth("month", text);
  const start = Temporal.PlainDate.from(month);
  return { periodStart: month, periodEnd: start.add({ months: 1 }).subtract({ days: 1 }).toString() };
}

function quarterOf(quarter: string) {
  const [year, number] = quarter.split("-Q").map(Number);
  const start = new Temporal.PlainDate(year ?? 0, 1, 1).add({ months: 3 * ((number ?? 1) - 1) });
  const end = start.add({ months: 3 }).subtract({ days: 1 });
  return { key: quarter, periodStart: start.toString(), periodEnd: end.toString() };
}

/** The last day of the week, included; six days after the first unless the file says otherwise. */
function weekEnd(start: string, end: string): string {
  const first = Temporal.PlainDate.from(start);
  if (end === "") return first.add({ days: 6 }).toString();
  const last = Temporal.PlainDate.from(readDay("report_week_end", end));
  const days = first.until(last).days + 1;
  if (days < 1 || days > 7) throw new Rejection("report_week_end", end, "does not end a week of 1 to 7 days");
  return last.toString();
}

/** Rows of countries we cannot name are kept together under `ZZ`. */
function countryCode(text: string): string {
  const { code } = parseCountry(text);
  return code;
}
