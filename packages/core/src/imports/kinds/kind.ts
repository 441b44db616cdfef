import type { Transaction } from "kysely";
import type { Tables } from "../../database/tables.js";
import type { Reporting } from "../../orders/upsert.js";

/** One column of a file kind: its name in the contract, and other headers that mean the same. */
export interface Column {
  readonly name: string;
  readonly required: boolean;
  readonly aliases?: readonly string[];
}

/** What the person said about the file besides its content. */
export interface ReadOptions {
  readonly timeZone: string;
  readonly platform: string;
  readonly shop: string;
}

/** A cell of a staging table: text as COPY takes it, or null. */
export type StagedValue = string | null;

export interface Counts {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** Gives the value of a column by its contract name; "" when the column or the value is missing. */
export type Cells = (name: string) => string;

/**
 * One kind of file: how its rows are read, staged, compared with what is there, and merged.
 *
 * `read` throws a `Rejection` for a row that cannot be used. A new kind is one file here and a line in `kinds.ts`.
 */
export interface ImportKind {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Sets of columns of which one column at least must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  readonly staging: { readonly table: "staged_orders" | "staged_figures"; readonly columns: readonly string[] };
  /** The columns of the staging table that name one thing: a second row with the same ones is rejected. */
  readonly key: { readonly columns: readonly string[]; readonly label: string };
  read(cells: Cells, options: ReadOptions): StagedValue[];
  /** What a commit would do. */
  compare(tx: Transaction<Tables>, importId: string, reporting: Reporting): Promise<Counts>;
  /** Merges the staged rows; `touches` says whose data changed. */
  merge(tx: Transaction<Tables>, importId: string, reporting: Reporting): Promise<Counts>;
  readonly touches: "orders" | "spotify";
}
