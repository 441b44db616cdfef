import { z } from "zod";
import { inputSchema } from "../../report.js";
import { reports } from "../../reports.js";
import { exactly, parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { print, printJson } from "../output.js";
import { parameterLines } from "../parameters.js";

const usage = "mt-ink reports [--json]";

export const reportsCommand: Command = {
  name: "reports",
  usage,
  purpose: "names, purposes and parameters",
  async run(args) {
    const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, usage);
    exactly(positionals, [], usage);
    if (values.json === true) {
      printJson(
        reports.map((report) => {
          const { name, title, description } = report;
          return { name, title, description, input: z.toJSONSchema(inputSchema(report), { io: "input" }) };
        }),
      );
      return 0;
    }
    for (const report of reports)
      print([report.name, `  ${report.description}`, ...parameterLines(inputSchema(report))].join("\n"));
    return 0;
  },
};
