import { InkError } from "../errors.js";
import type { Queries } from "./connect.js";

/**
 * Refuses a reporting currency other than the one the stored amounts were converted to.
 *
 * Amounts are converted once, when an order is written; until there is an order the setting may change.
 *
 * @throws InkError `settings_mismatch`
 */
export async function guardCurrency(db: Queries, currency: string): Promise<void> {
  const built = await db.selectFrom("settings").select("value").where("name", "=", "currency").executeTakeFirst();
  if (built?.value === currency) return;
  const anyOrder = await db.selectFrom("orders").select("platform").limit(1).executeTakeFirst();
  if (built !== undefined && anyOrder !== undefined) {
    throw new InkError(
      "settings_mismatch",
      `This database keeps its amounts in ${built.value}, but MTINK_CURRENCY is ${currency}. Set MTINK_CURRENCY=${built.value}, or use another database for ${currency}.`,
    );
  }
  await db
    .insertInto("settings")
    .values({ name: "currency", value: currency })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: currency }))
    .execute();
}
