import type { Ink } from "@mt-ink/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

const asOf = z.string().optional().describe("ISO 8601 with an offset, or local time of the shop; default: now");
const moment = z.strictObject({ asOf });
const counted = z.object({ orders: z.int(), revenue: z.string() });
const percent = z.string().nullable();
const differences = z.object({
  ordersDiff: z.int(),
  ordersPercent: percent,
  revenueDiff: z.string(),
  revenuePercent: percent,
});

/** The endpoints of the present dashboard, in its own shapes: each a view of a report, computing nothing. */
export function dashboardRoutes(app: FastifyInstance, ink: Ink): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ["dashboard"];

  const todayVsYesterday = z.object({
    today: counted,
    yesterday: counted,
    yesterdayFullDay: counted,
    comparison: differences.extend({ currentTime: z.string() }),
  });
  routes.get(
    "/api/comparison/today-vs-yesterday",
    {
      schema: {
        tags,
        summary: "Today against yesterday at the same time",
        querystring: moment,
        response: { 200: todayVsYesterday },
      },
    },
    async ({ query }) => {
      const { data } = await ink.report("compare_sales", { period: "day", ...given(query) });
      return {
        today: countedOf(data.current),
        yesterday: countedOf(data.previous),
        yesterdayFullDay: countedOf(data.yesterdayFullDay ?? data.previous),
        comparison: { currentTime: data.asOf.slice(11, 16), ...differencesOf(data.change) },
      };
    },
  );

  routes.get(
    "/api/comparison/week-vs-lastweek",
    {
      schema: {
        tags,
        summary: "This week against the last at the same point",
        querystring: moment,
        response: { 200: z.object({ thisWeek: counted, lastWeek: counted, comparison: differences }) },
      },
    },
    async ({ query }) => {
      const { data } = await ink.report("compare_sales", { period: "week", ...given(query) });
      return {
        thisWeek: countedOf(data.current),
        lastWeek: countedOf(data.previous),
        comparison: differencesOf(data.change),
      };
    },
  );

  routes.get(
    "/api/comparison/month-vs-lastmonth",
    {
      schema: {
        tags,
        summary: "This month against the last at the same point",
        querystring: moment,
        response: { 200: z.object({ thisMonth: counted, lastMonth: counted, comparison: differences }) },
      },
    },
    async ({ query }) => {
      const { data } = await ink.report("compare_sales", { period: "month", ...given(query) });
      return {
        thisMonth: countedOf(data.current),
        lastMonth: countedOf(data.previous),
        comparison: differencesOf(data.change),
      };
    },
  );

  routes.get(
    "/api/growth/daily",
    {
      schema: {
        tags,
        summary: "Orders and revenue of each local day, newest first",
        querystring: moment.extend({ days: z.coerce.number().int().min(1).max(366).default(30) }),
        response: { 200: z.array(z.object({ date: z.string(), order_count: z.int(), revenue: z.string() })) },
      },
    },
    async ({ query }) => {
      const { data } = await ink.report("sales_by_day", { days: query.days, ...given(query) });
      return data.days.map(({ date, orders, revenue }) => ({ date, order_count: orders, revenue }));
    },
  );

  routes.get(
    "/api/spotify/minutes",
    {
      schema: {
        tags,
        summary: "Spotify minutes of the newest weeks, newest first",
        querystring: moment.extend({ weeks: z.coerce.number().int().min(1).max(260).default(12) }),
        response: { 200: z.array(z.object({ report_week_start: z.string(), total_minutes: z.number() })) },
      },
    },
    async ({ query }) => {
      const { data } = await ink.report("spotify_listening", { weeks: query.weeks, ...given(query) });
      return data.weeks.map(({ weekStart, minutes }) => ({ report_week_start: weekStart, total_minutes: minutes }));
    },
  );
}

const given = ({ asOf }: { asOf?: string | undefined }) => (asOf === undefined ? {} : { asOf });
const countedOf = ({ orders, revenue }: z.output<typeof counted>) => ({ orders, revenue });

interface Difference {
  readonly absolute: string;
  readonly percent: string | null;
}

function differencesOf({ orders, revenue }: { orders: Difference; revenue: Difference }) {
  return {
    ordersDiff: Number(orders.absolute),
    ordersPercent: orders.percent,
    revenueDiff: revenue.absolute,
    revenuePercent: revenue.percent,
  };
}
