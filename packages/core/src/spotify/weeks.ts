import { sql } from "kysely";
import { localDay } from "../period.js";
import type { Context } from "../report.js";

/** The minutes of one reported week, as reported: a statement does not change it. */
export interface WeekMinutes {
  readonly weekStart: string;
  /** The last day, included. */
  readonly weekEnd: string;
  readonly minutes: string;
  /** Which rows it comes from: the total row, or without one the sum of the countries. */
  readonly source: "total" | "countries";
}

/**
 * The newest `count` weeks that have data and had ended by `asOf`, newest first.
 *
 * A total row and country rows of one week are never added together: the total row is the total.
 */
export async function weeksOfMinutes({ db, asOf, timeZone }: Context, count: number): Promise<WeekMinutes[]> {
  const today = localDay(asOf, timeZone).toString();
  const { rows } = await sql<WeekMinutes>`
    with reported as (
      select report_week_start as week, max(report_week_end) as week_end,
        max(total_minutes) filter (where country = 'ALL') as total,
        sum(total_minutes) filter (where country <> 'ALL') as countries
      from mt_ink.spotify_weekly_stats group by 1
    ), by_country as (
      select report_week_start as week, sum(minutes) as minutes from mt_ink.spotify_country_stats group by 1
    )
    select week as "weekStart", coalesce(week_end, week + 6) as "weekEnd",
      coalesce(total, countries, minutes)::text as minutes,
      case when total is null then 'countries' else 'total' end as source
    from reported full join by_country using (week)
    where coalesce(week_end, week + 6) < ${today}::date
    order by week desc
    limit ${count}`.execute(db);
  return rows;
}
