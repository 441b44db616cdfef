import type { ImportedFile, ImportResult } from "../imports/import.js";
import { formatCount, formatMoney } from "../money.js";
import { countOf, joinLines, plainText } from "../text.js";

/** What an import found and did, for a person at a terminal. */
export function importText({ importId, status, files }: ImportResult): string {
  return joinLines(
    ...files.map((file) => fileText(file, status)),
    status === "previewed" ? "Nothing has been written." : `Import ${importId} is done.`,
  );
}

const MOST_SHOWN = 10;

function fileText(file: ImportedFile, status: ImportResult["status"]): string {
  const { counts } = file;
  const would = status === "previewed" ? "would be " : "";
  return joinLines(
    [`${plainText(file.name)}: ${file.kind}`, periodOf(file), totalOf(file)].filter((part) => part !== "").join(", "),
    counts.new + counts.changed === 0
      ? `Nothing ${would === "" ? "changed" : "would change"}: all ${formatCount(counts.unchanged)} rows known`
      : `${formatCount(counts.new)} ${would}new, ${formatCount(counts.changed)} ${would}changed, ${formatCount(counts.unchanged)} unchanged`,
    counts.rejected === 0 ? null : `${countOf(counts.rejected, "row")} rejected:`,
    ...file.rejected
      .slice(0, MOST_SHOWN)
      .map((row) => `  line ${row.line}: ${row.column} "${plainText(row.value)}" ${row.reason}`),
    counts.rejected > MOST_SHOWN ? `  … and ${formatCount(counts.rejected - MOST_SHOWN)} more (see --json)` : null,
  );
}

function periodOf({ period }: ImportedFile): string {
  if (period === null) return "";
  return period.from === period.to ? period.from : `${period.from} to ${period.to}`;
}

const totalOf = ({ total, currency }: ImportedFile) =>
  total === null || currency === null ? "" : formatMoney(total, currency);
