import { databaseCommand } from "./commands/database.js";
import { doctorCommand } from "./commands/doctor.js";
import { importCommand } from "./commands/import.js";
import { migrateCommand } from "./commands/migrate.js";
import { reportCommand } from "./commands/report.js";
import { reportsCommand } from "./commands/reports.js";

/** One command of `mt-ink`. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly purpose: string;
  /** Returns the exit code; errors are thrown. */
  run(args: readonly string[]): Promise<number>;
}

/** Every command, in the order the help lists them. A new one is its file and a line here. */
export const commands: readonly Command[] = [
  migrateCommand,
  importCommand,
  reportCommand,
  reportsCommand,
  databaseCommand,
  doctorCommand,
];

export function usage(): string {
  const lines = commands.map((command) => `  ${command.usage}\n      ${command.purpose}`);
  return [
    "mt-ink: sales analytics for an independent publisher",
    "",
    ...lines,
    "",
    "Settings come from the environment or a .env file here; see README.md.",
  ].join("\n");
}
