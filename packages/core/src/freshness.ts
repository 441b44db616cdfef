import { sql } from "kysely";
import { Temporal } from "temporal-polyfill";
import { isoMoment } from "./period.js";
import type { Context } from "./report.js";

/** How new the data of one source is: an order platform, or Spotify's weekly reports. */
export interface Freshness {
  readonly source: string;
  /** The newest order's moment, or the last day of the newest week; before `asOf`. */
  readonly newest: string;
}

/** The newest data of every source that has any, by `asOf`. */
export async function freshnessOf({ db, asOf, timeZone }: Context): Promise<Freshness[]> {
  const { rows } = await sql<Freshness>`
    with recursive platforms as (
      select min(platform) as platform from mt_ink.orders
      union all
      select (select min(platform) from mt_ink.orders o where o.platform > p.platform) from platforms p where p.platform is not null
    )
    select platform as source, newest from platforms cross join lateral (
      select created_at as newest from mt_ink.orders o
      where o.platform = platforms.platform and created_at < ${asOf.toString()} order by created_at desc limit 1
    ) last
    order by 1`.execute(db);
  const weeks = await sql<{ newest: string | null }>`
    select max(report_week_end) as newest from mt_ink.spotify_weekly_stats
    where report_week_end < (${asOf.toString()}::timestamptz at time zone ${timeZone})::date`.execute(db);
  const newestWeek = weeks.rows[0]?.newest ?? null;
  return [
    ...rows.map(({ source, newest }) => ({ source, newest: isoMoment(Temporal.Instant.from(newest), timeZone) })),
    ...(newestWeek === null ? [] : [{ source: "spotify", newest: newestWeek }]),
  ];
}
