/** A phone shows so many characters in a line of fixed width. */
const WIDTH = 40;

/** Lines under each other; null leaves one out. Lines wider than a phone are broken at spaces. */
export function joinLines(...lines: readonly (string | null)[]): string {
  return lines
    .filter((line) => line !== null)
    .flatMap((line) => line.split("\n"))
    .flatMap((line) => wrap(line))
    .join("\n");
}

/** Breaks a line at spaces so that no part is wider than a phone; a single longer word stays whole. */
export function wrap(line: string, width = WIDTH): string[] {
  if (line.length <= width) return [line];
  const at = line.lastIndexOf(" ", width);
  const cut = at > 0 ? at : line.indexOf(" ", width);
  return cut < 0 ? [line] : [line.slice(0, cut), ...wrap(line.slice(cut + 1), width)];
}

/** At most `limit` characters, cut at a line, with how many lines are left out: never silently. */
export function fitText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > limit - 30) break;
    kept.push(line);
    length += line.length + 1;
  }
  return [...kept, `… ${lines.length - kept.length} more lines`].join("\n");
}

/** `1 order`, `1,234 orders`. */
export function countOf(count: number, noun: string): string {
  const grouped = String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped} ${noun}${count === 1 ? "" : "s"}`;
}

/** Rows as columns of fixed width: the first to the left, the others to the right; the first is cut if need be. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + 1, 0);
  const first = Math.min(widths[0] ?? 0, Math.max(WIDTH - others, 4));
  return rows.map(([name = "", ...cells]) => {
    const label = name.length > first ? `${name.slice(0, first - 1)}…` : name.padEnd(first);
    return [label, ...cells.map((cell, at) => cell.padStart(widths[at + 1] ?? 0))].join(" ").trimEnd();
  });
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `3 Feb 2026` of an ISO date or moment, as it stands there. */
export function shortDate(iso: string): string {
  const [year = "", month = "", day = ""] = iso.slice(0, 10).split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** `3 Feb`: the same without the year. */
export function dayMonth(iso: string): string {
  return shortDate(iso).slice(0, -5);
}

/** `14:30` of an ISO moment, as it stands there. */
export function clock(iso: string): string {
  return iso.slice(11, 16);
}

/** Untrusted text without control characters and without marks that turn the direction of what follows. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
}
