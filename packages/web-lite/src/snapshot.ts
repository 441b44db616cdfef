import type { Ink } from "@mt-ink/core";

/** What the page shows, section by section. A new section's data is a line here. */
const sections = [
  { key: "today", name: "compare_sales", params: { period: "day" } },
  { key: "week", name: "compare_sales", params: { period: "week" } },
  { key: "month", name: "compare_sales", params: { period: "month" } },
  { key: "days", name: "sales_by_day", params: { days: 30 } },
  { key: "orders", name: "recent_orders", params: { limit: 20 } },
  { key: "listening", name: "spotify_listening", params: { weeks: 12 } },
] as const;

/** All sections of the page from one snapshot of the database. */
export async function readSnapshot(ink: Ink, asOf: string | undefined) {
  const moment = asOf === undefined ? {} : { asOf };
  const { seq, answers } = await ink.answer(
    sections.map(({ name, params }) => ({ name, params: { ...params, ...moment } })),
  );
  const shown = sections.map(({ key, name }, index) => {
    const answer = answers[index];
    return [key, { report: name, data: answer?.data, text: answer?.text }];
  });
  return { seq, freshness: answers[0]?.freshness ?? [], sections: Object.fromEntries(shown) };
}
