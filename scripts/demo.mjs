// The demo: sample data in an embedded database of its own, the page's API, and a new order every few seconds.
// No variable that names a real database, token, secret or chat is passed on.
import { join } from "node:path";
import "./build.mjs";
import { onStop } from "./lifecycle.mjs";

const { openInk, parseVariables, readEnvironment, InkError } = await import("@mt-ink/core");
const { fillWithSample, sampleOrder } = await import("@mt-ink/core/sample");
const { createApp, parseConfig } = await import("@mt-ink/web-lite");
const { Temporal } = await import("temporal-polyfill");
const { z } = await import("zod");

const ORDER_EVERY_MS = 4_000;

/** @type {() => Promise<void>} */
let stop = async () => {};
let stopping = false;

onStop(() => end(0));

try {
  await demo();
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  await end(error instanceof InkError && error.code === "bad_config" ? 2 : 1);
}

async function demo() {
  const heeded = ["MTINK_HOST", "MTINK_PORT", "MTINK_TIME_ZONE", "MTINK_CURRENCY"];
  const given = readEnvironment();
  const env = Object.fromEntries(heeded.map((name) => [name, given[name]]));
  const { host, port } = parseConfig(env);
  const { MTINK_CURRENCY: currency } = parseVariables(z.object({ MTINK_CURRENCY: z.string().default("GBP") }), env);
  const ink = await openInk({
    env,
    dataDir: join(import.meta.dirname, "..", ".mt-ink-demo", currency.toLowerCase()),
    databaseUrl: null,
  });
  stop = () => ink.close();
  process.stdout.write("Loading the sample orders …\n");
  const added = await fillWithSample(ink);
  const app = await createApp(ink);
  stop = async () => {
    await app.close();
    await ink.close();
  };
  const address = await app.listen({ host, port }).catch((error) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new InkError("bad_config", `Port ${port} is taken. Set MTINK_PORT to another one, or stop what uses it.`);
  });
  process.stdout.write(
    `${added} sample orders added. The demo is at ${address}/api/snapshot (docs: ${address}/api/docs). Ctrl-C stops it.\n`,
  );
  setInterval(
    () => dropIn(ink).catch((error) => process.stderr.write(`demo: ${error.message}\n`)),
    ORDER_EVERY_MS,
  ).unref();
}

/** @param {import("@mt-ink/core").Ink} ink */
async function dropIn(ink) {
  if (stopping) return;
  const now = Temporal.Now.instant().round("millisecond");
  const order = sampleOrder(now, `9${now.epochMilliseconds}`, ink.config.currency);
  await ink.orders.write([order], { source: "demo" });
}

/** @param {number} code */
async function end(code) {
  if (stopping) return;
  stopping = true;
  await stop().catch(() => {});
  process.exit(code);
}
