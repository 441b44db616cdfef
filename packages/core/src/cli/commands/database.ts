import { resolve } from "node:path";
import { parseConfig, readEnvironment } from "../../config.js";
import { embeddedStatus, startEmbedded, stopEmbedded } from "../../database/embedded/launcher.js";
import { InkError } from "../../errors.js";
import { exactly, parseArguments } from "../arguments.js";
import type { Command } from "../commands.js";
import { print, printJson } from "../output.js";

const usage = "mt-ink database start | stop | status [--json]";

export const databaseCommand: Command = {
  name: "database",
  usage,
  purpose: "the embedded PostgreSQL",
  async run(args) {
    const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, usage);
    const [action = ""] = exactly(positionals, ["start, stop or status"], usage);
    const { databaseUrl, dataDir } = parseConfig(readEnvironment());
    const options = { dataDir: resolve(dataDir) };
    if (action === "start") await startEmbedded(options);
    else if (action === "stop") await stopEmbedded(options);
    else if (action !== "status") throw new InkError("bad_usage", `No action "${action}". Usage: ${usage}`);
    const status = await embeddedStatus(options);
    if (values.json === true) {
      printJson(status);
      return 0;
    }
    const pid = status.pid === undefined ? "" : ` (process ${status.pid})`;
    print(`The embedded PostgreSQL ${status.version} in ${status.dataDir} is ${status.state}${pid}.`);
    if (databaseUrl !== null) print("It is not used: DATABASE_URL names another one.");
    return 0;
  },
};
