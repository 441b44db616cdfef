import { InkError } from "../errors.js";
import type { Cells, Column, ImportKind } from "./kinds/kind.js";
import { kinds } from "./kinds/kinds.js";
import type { SheetRow } from "./sheet.js";

/** A kind of file with the place of each of its columns in this one. */
export interface Layout {
  readonly kind: ImportKind;
  readonly places: ReadonlyMap<string, number>;
}

/** Headers are compared without case, spacing or punctuation: "Report week start" is report_week_start. */
const normal = (header: string) =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");

/**
 * Recognises a file by its header: of the kinds whose required columns are all there, the one that explains
 * most columns.
 *
 * @param options.as a kind's name, when the person says so
 * @param options.columns headers given by hand: field → header
 * @throws InkError `bad_file` naming what was found and what each kind needs.
 */
export function layoutOf(
  header: readonly string[],
  name: string,
  options: { as?: string | undefined; columns?: Readonly<Record<string, string>> | undefined },
): Layout {
  const candidates = options.as === undefined ? kinds : [kindNamed(options.as)];
  refuseUnknownFields(Object.keys(options.columns ?? {}), candidates);
  const layouts = candidates.map((kind) => ({ kind, places: placesOf(kind, header, options.columns ?? {}, name) }));
  const complete = layouts.filter(({ kind, places }) => missing(kind, places).length === 0);
  const [best] = complete.sort((a, b) => b.places.size - a.places.size);
  if (best !== undefined) return best;
  const found = header
    .map(normal)
    .filter((column) => column !== "")
    .join(", ");
  const needs = layouts.map(({ kind, places }) => `${kind.name} lacks ${missing(kind, places).join(", ")}`).join("; ");
  throw new InkError(
    "bad_file",
    `${name}: its columns (${shorten(found)}) fit no kind of file: ${needs}. Name one with --column field=header.`,
  );
}

/** Reads a row's cells by the contract's names, trimmed. */
export function cellsOf({ places }: Layout, row: SheetRow): Cells {
  return (name) => {
    const place = places.get(name);
    return place === undefined ? "" : (row.cells[place] ?? "").trim();
  };
}

function kindNamed(name: string): ImportKind {
  const kind = kinds.find((each) => each.name === name);
  if (kind !== undefined) return kind;
  throw new InkError("bad_usage", `No kind of file "${name}". Known: ${kinds.map((each) => each.name).join(", ")}.`);
}

function refuseUnknownFields(given: readonly string[], candidates: readonly ImportKind[]): void {
  const known = new Set(candidates.flatMap((kind) => kind.columns.map((column) => column.name)));
  const unknown = given.find((field) => !known.has(field));
  if (unknown !== undefined)
    throw new InkError(
      "bad_usage",
      `There is no field "${unknown}" to take from a column. Known: ${[...known].join(", ")}.`,
    );
}

function placesOf(kind: ImportKind, header: readonly string[], given: Readonly<Record<string, string>>, name: string) {
  const headers = header.map(normal);
  const place = (column: Column) => {
    const own = given[column.name];
    if (own === undefined)
      return [column.name, ...(column.aliases ?? [])].map((alias) => headers.indexOf(alias)).find((at) => at >= 0);
    const at = headers.indexOf(normal(own));
    if (at < 0) throw new InkError("bad_usage", `${name} has no column "${own}". It has: ${header.join(", ")}.`);
    return at;
  };
  const places = new Map<string, number>();
  for (const column of kind.columns) {
    const at = place(column);
    if (at !== undefined) places.set(column.name, at);
  }
  return places;
}

function missing(kind: ImportKind, places: ReadonlyMap<string, number>): string[] {
  const required = kind.columns
    .filter((column) => column.required && !places.has(column.name))
    .map((column) => column.name);
  const choices = (kind.oneOf ?? []).filter((names) => !names.some((each) => places.has(each)));
  return [...required, ...choices.map((names) => names.join(" or "))];
}

const shorten = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
