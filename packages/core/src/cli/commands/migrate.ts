import { openInk } from "../../ink.js";
import { exactly, parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { print } from "../output.js";

const usage = "mt-ink migrate";

export const migrateCommand: Command = {
  name: "migrate",
  usage,
  purpose: "bring the schema up to date",
  async run(args) {
    exactly(parseArguments(args, {}, usage).positionals, [], usage);
    const ink = await openInk();
    try {
      print(
        ink.migrated.length === 0
          ? "The schema is up to date."
          : `The schema is up to date now: ${ink.migrated.join(", ")}.`,
      );
      return 0;
    } finally {
      await ink.close();
    }
  },
};
