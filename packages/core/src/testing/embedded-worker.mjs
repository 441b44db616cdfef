// One of several processes on an embedded database: opens it, writes orders, says which are acknowledged, closes.
import { openInk } from "@mt-ink/core";

const [, , dataDir = "", name = ""] = process.argv;
const ink = await openInk({ env: {}, databaseUrl: null, dataDir });
for (let number = 0; number < 4; number += 1) {
  const externalId = `${name}-${number}`;
  await ink.orders.write([
    { platform: "other", externalId, createdAt: "2026-02-03T14:30:00Z", total: "1.00", currency: "GBP" },
  ]);
  process.stdout.write(`${externalId}\n`);
}
await ink.close();
