import { sql, type Transaction } from "kysely";
import type { Tables } from "../../database/tables.js";
import type { Cells, Counts, ImportKind, ReadOptions, StagedValue } from "./kind.js";

/** A parsed row of Spotify figures, whichever of these its kind has. */
export interface FigureRow {
  /** The quarter, or "" where dates are the key. */
  readonly key?: string;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly country?: string;
  readonly minutes?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly completes?: string;
}

/** Where staged figures go: columns of the target, each by the staged expression it is filled from. */
export interface Target {
  /** Of the staged rows, those that go here. */
  readonly when: string;
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
}

/** Builds an import kind of small tables of figures: a row of the same key is replaced by the newer file's. */
export function figuresKind(kind: {
  name: string;
  columns: ImportKind["columns"];
  oneOf?: ImportKind["oneOf"];
  keyLabel: string;
  targets: readonly Target[];
  read(cells: Cells, options: ReadOptions): FigureRow;
}): ImportKind {
  return {
    name: kind.name,
    columns: kind.columns,
    ...(kind.oneOf === undefined ? {} : { oneOf: kind.oneOf }),
    staging: {
      table: "staged_figures",
      columns: ["kind", "key", "period_start", "period_end", "country", "minutes", "amount", "currency", "completes"],
    },
    key: { columns: ["key", "period_start", "country"], label: kind.keyLabel },
    read: (cells, options) => staged(kind.name, kind.read(cells, options)),
    compare: (tx, importId) => sumOver(kind.targets, (target) => compare(tx, importId, target)),
    merge: (tx, importId) =>
      sumOver(kind.targets, async (target) => {
        const counts = await compare(tx, importId, target);
        await merge(tx, importId, target);
        return counts;
      }),
    touches: "spotify",
  };
}

function staged(kind: string, row: FigureRow): StagedValue[] {
  return [
    kind,
    row.key ?? "",
    row.periodStart ?? null,
    row.periodEnd ?? null,
    row.country ?? null,
    row.minutes ?? null,
    row.amount ?? null,
    row.currency ?? null,
    row.completes ?? null,
  ];
}

async function sumOver(targets: readonly Target[], count: (target: Target) => Promise<Counts>): Promise<Counts> {
  let [added, changed, unchanged] = [0, 0, 0];
  for (const target of targets) {
    const counts = await count(target);
    added += counts.new;
    changed += counts.changed;
    unchanged += counts.unchanged;
  }
  return { new: added, changed, unchanged };
}

/** The target's names and expressions are literals of this program; only the import's number is a parameter. */
function fragments({ table, key, values, when }: Target) {
  const keys = Object.keys(key);
  return {
    table: sql.raw(`mt_ink.${table}`),
    when: sql.raw(when),
    columns: sql.raw([...keys, ...Object.keys(values)].join(", ")),
    expressions: sql.raw([...Object.values(key), ...Object.values(values)].join(", ")),
    conflict: sql.raw(keys.join(", ")),
    joined: sql.raw(
      Object.entries(key)
        .map(([column, from]) => `t.${column} = ${from}`)
        .join(" and "),
    ),
    differs: sql.raw(
      Object.entries(values)
        .map(([column, from]) => `t.${column} is distinct from ${from}`)
        .join(" or "),
    ),
    assignments: sql.raw(
      Object.keys(values)
        .map((column) => `${column} = excluded.${column}`)
        .join(", "),
    ),
    changed: sql.raw(
      Object.keys(values)
        .map((column) => `t.${column} is distinct from excluded.${column}`)
        .join(" or "),
    ),
  };
}

async function compare(tx: Transaction<Tables>, importId: string, target: Target): Promise<Counts> {
  const { table, when, joined, differs } = fragments(target);
  const { rows } = await sql<{ new: string; changed: string; all: string }>`
    select count(*) filter (where t.uploaded_at is null) as new,
      count(*) filter (where t.uploaded_at is not null and (${differs})) as changed, count(*) as all
    from mt_ink.staged_figures s left join ${table} t on ${joined}
    where s.import_id = ${importId} and ${when}`.execute(tx);
  const [added, changed, all] = [Number(rows[0]?.new), Number(rows[0]?.changed), Number(rows[0]?.all)];
  return { new: added, changed, unchanged: all - added - changed };
}

async function merge(tx: Transaction<Tables>, importId: string, target: Target): Promise<void> {
  const { table, when, columns, expressions, conflict, assignments, changed } = fragments(target);
  await sql`
    insert into ${table} as t (${columns}, import_id)
    select ${expressions}, s.import_id from mt_ink.staged_figures s where s.import_id = ${importId} and ${when}
    on conflict (${conflict}) do update set ${assignments}, import_id = excluded.import_id, uploaded_at = now()
    where ${changed}`.execute(tx);
}
