import { openInk } from "../../ink.js";
import { findReport, inputSchema, parseInput } from "../../report.js";
import { reports } from "../../reports.js";
import { exactly, parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { print, printJson } from "../output.js";

const usage = "mt-ink report NAME [--as-of MOMENT] [--param value …] [--json]";

export const reportCommand: Command = {
  name: "report",
  usage,
  purpose: "answer one report; its parameters are options, such as --days 7",
  async run(args) {
    const [name = ""] = args;
    if (name === "" || name.startsWith("-")) exactly([], ["NAME"], usage);
    const report = findReport(reports, name);
    const parameters = Object.keys(inputSchema(report).shape);
    const known = parameters.map((parameter) => `--${option(parameter)}`).join(" ");
    const { values, positionals } = parseArguments(
      args,
      {
        json: { type: "boolean" },
        ...Object.fromEntries(parameters.map((each) => [option(each), { type: "string" as const }])),
      },
      `mt-ink report ${name} ${known} [--json]`,
    );
    exactly(positionals, ["NAME"], usage);
    const params = Object.fromEntries(
      parameters.flatMap((parameter) => {
        const value = Object.entries(values).find(([name]) => name === option(parameter));
        return value === undefined ? [] : [[parameter, value[1]]];
      }),
    );
    parseInput(report, params);
    const ink = await openInk();
    try {
      const { answers } = await ink.answer([{ name, params }]);
      for (const answer of answers) values.json === true ? printJson(answer) : print(answer.text);
      return 0;
    } finally {
      await ink.close();
    }
  },
};

/** One parameter, one name: `asOf` is `--as-of` here. */
const option = (parameter: string) => parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
