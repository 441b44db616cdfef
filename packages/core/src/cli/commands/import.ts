import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline/promises";
import { InkError } from "../../errors.js";
import { type ImportResult, tooManyRejected } from "../../imports/import.js";
import { type Ink, openInk } from "../../ink.js";
import { parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { importText } from "../import-text.js";
import { createProgress, note, print, printJson } from "../output.js";

const usage =
  "mt-ink import FILE… [--as KIND] [--platform NAME] [--shop NAME] [--column field=header] [--dry-run] [--yes] [--json]";

const options = {
  as: { type: "string" },
  platform: { type: "string" },
  shop: { type: "string" },
  column: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export const importCommand: Command = {
  name: "import",
  usage,
  purpose: "import CSV files (also .gz): orders, Spotify weeks, countries, statements, pool payments",
  async run(args) {
    const { values, positionals: paths } = parseArguments(args, options, usage);
    if (paths.length === 0) throw new InkError("bad_usage", `FILE is missing. Usage: ${usage}`);
    await refuseMissing(paths);
    const { as, platform, shop } = values;
    const given = {
      columns: columnsOf(values.column ?? []),
      ...(as === undefined ? {} : { as }),
      ...(platform === undefined ? {} : { platform }),
      ...(shop === undefined ? {} : { shop }),
    };
    const ink = await openInk();
    try {
      const results: ImportResult[] = [];
      for (const path of paths) {
        const preview = await previewFile(ink, path, given);
        results.push(values["dry-run"] === true ? preview : await commitFile(ink, preview, values));
      }
      if (values.json === true) printJson(results.length === 1 ? results[0] : results);
      else for (const result of results) print(importText(result));
      return results.some(({ files }) => files.some((file) => file.counts.rejected > 0)) ? 3 : 0;
    } finally {
      await ink.close();
    }
  },
};

async function previewFile(
  ink: Ink,
  path: string,
  given: { as?: string; platform?: string; shop?: string; columns: Record<string, string> },
) {
  const progress = createProgress(basename(path));
  try {
    const rows = createReadStream(path);
    return await ink.imports.preview(rows, {
      ...given,
      filename: basename(path),
      source: "cli",
      onRows: progress.rows,
    });
  } finally {
    progress.done();
  }
}

/** A terminal is asked once; in a pipe what is good is written, and too many bad rows need `--yes`. */
async function commitFile(
  ink: Ink,
  preview: ImportResult,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
) {
  const asks = !yes && !json && process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!asks) return ink.imports.commit(preview.importId, { acceptRejected: yes });
  print(importText(preview));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = tooManyRejected(preview.files)
    ? "More than one row in ten is bad. Import the good ones? [y/N] "
    : "Import? [y/N] ";
  const answer = await terminal.question(question);
  terminal.close();
  if (/^y(es)?$/i.test(answer.trim())) return ink.imports.commit(preview.importId, { acceptRejected: true });
  note("Nothing was written.");
  return preview;
}

async function refuseMissing(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found === null) throw new InkError("bad_file", `There is no file ${path}.`);
    if (!found.isFile()) throw new InkError("bad_file", `${path} is no file; name the CSV file itself.`);
  }
}

function columnsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new InkError(
          "bad_usage",
          `--column "${text}" is not field=header, such as --column minutes="Listen minutes".`,
        );
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
