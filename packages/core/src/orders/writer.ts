import type { Queries } from "../database/connect.js";
import { InkError } from "../errors.js";
import { inLane, newestSeq } from "./lane.js";
import { type OrderInput, orderSchema, type WriteSource } from "./order.js";
import { type Outcome, type Reporting, type SourcedOrder, upsertOrders } from "./upsert.js";

/** Writes gathered this long share one transaction: one lock, one commit, one notification. */
const GATHER_MS = 3;
const MOST_ORDERS = 500;
/** Callers wait once this many orders are queued, so memory stays bounded however fast they come. */
const MOST_QUEUED = 20_000;

/** How many orders were new, changed or as they were already, and the newest event after the commit. */
export interface Written {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly seq: string;
}

interface Waiting {
  readonly orders: readonly SourcedOrder[];
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

export interface OrderWriter {
  /**
   * Writes orders durably: the promise resolves after the commit.
   *
   * @throws InkError `bad_parameter` naming the order and field that does not fit; then none of them is written.
   * @example
   * await ink.orders.write([{ platform: "shopify", externalId: "1001", createdAt: "2026-02-03T14:30:00Z", total: "45.67", currency: "GBP", country: "GB" }]);
   */
  write(orders: readonly OrderInput[], options?: { source?: WriteSource }): Promise<Written>;
  /** Waits for what is queued and takes no more. */
  close(): Promise<void>;
}

/** The one way orders from outside get into the database; imports share its lane. */
export function createOrderWriter(db: Queries, reporting: Reporting): OrderWriter {
  let queue: Waiting[] = [];
  let queued = 0;
  let running: Promise<void> | null = null;
  let closed = false;
  const room: (() => void)[] = [];

  async function drain(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    while (queue.length > 0) {
      const batch = takeBatch();
      try {
        await commit(batch);
      } catch (error) {
        // One order the database refuses must not take its neighbours down with it.
        if (batch.length === 1) batch[0]?.reject(error);
        else for (const waiting of batch) await commit([waiting]).catch(waiting.reject);
      }
    }
    // In the same turn as the check above: a write that comes a moment later must start the next one.
    running = null;
  }

  function takeBatch(): Waiting[] {
    let orders = 0;
    let count = 0;
    for (const waiting of queue) {
      if (count > 0 && orders + waiting.orders.length > MOST_ORDERS) break;
      orders += waiting.orders.length;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    queued -= orders;
    for (const wake of room.splice(0)) wake();
    return batch;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const orders = batch.flatMap((waiting) => waiting.orders);
    const { result, seq } = await inLane(db, async (tx) => {
      const { outcomes, events } = await upsertOrders(tx, orders, reporting);
      return { result: outcomes, events };
    });
    let from = 0;
    for (const waiting of batch) {
      waiting.resolve({ ...count(result.slice(from, from + waiting.orders.length)), seq });
      from += waiting.orders.length;
    }
  }

  return {
    async write(orders, { source = "sdk" } = {}) {
      if (closed) throw new InkError("bad_usage", "This ink is closed; open another one to write orders.");
      const parsed = orders.map((order, index) => ({ order: parseOrder(order, index), source }));
      while (queued > MOST_QUEUED) await new Promise<void>((resolve) => room.push(resolve));
      if (parsed.length === 0) return { new: 0, changed: 0, unchanged: 0, seq: await newestSeq(db) };
      return new Promise((resolve, reject) => {
        queue.push({ orders: parsed, resolve, reject });
        queued += parsed.length;
        running ??= drain();
      });
    },
    async close() {
      closed = true;
      while (running !== null) await running;
    },
  };
}

function count(outcomes: readonly Outcome[]) {
  const of = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  return { new: of("new"), changed: of("changed"), unchanged: of("unchanged") };
}

function parseOrder(order: OrderInput, index: number) {
  const parsed = orderSchema.safeParse(order);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InkError(
    "bad_parameter",
    `Order ${index + 1} of ${order.platform}: ${issue?.path.join(".")} is wrong, it must be ${issue?.message}. None of the orders was written.`,
  );
}
