import { InkError, openInk, readEnvironment } from "@mt-ink/core";
import { createApp } from "./app.js";
import { parseConfig } from "./config.js";

try {
  await serve();
} catch (error) {
  process.stderr.write(`mt-ink-web: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof InkError && error.code === "bad_config" ? 2 : 1);
}

async function serve(): Promise<void> {
  const { host, port, credentials } = parseConfig(readEnvironment());
  const ink = await openInk({ onError: (error) => process.stderr.write(`mt-ink-web: ${error.message}\n`) });
  const app = await createApp(ink, { credentials });
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= app.close().then(() => ink.close());
    return stopping;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  try {
    const address = await app.listen({ host, port });
    process.stdout.write(`MT Ink is at ${address}\n`);
  } catch (error) {
    await stop();
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw taken
      ? new InkError("bad_config", `Port ${port} is taken. Set MTINK_PORT to another one, or stop what uses it.`)
      : error;
  }
}
