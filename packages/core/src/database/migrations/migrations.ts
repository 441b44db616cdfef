import type { Migration } from "kysely";
import * as foundation from "./0001-foundation.js";

/** Every migration by name, oldest first. A new one is a file and a line; a released one never changes. */
export const migrations: Record<string, Migration> = {
  "0001-foundation": foundation,
};
