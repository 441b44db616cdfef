import { z } from "zod";

const decimal = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'a decimal number as text, such as "45.67"')
  .describe("A decimal number as text");
const amount = decimal.regex(/^\d/, "an amount of 0 or more");
const moment = z.iso.datetime({ offset: true }).describe("ISO 8601 with an offset");
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "an ISO 4217 code of three capital letters")
  .describe("ISO 4217");
const key = z.string().min(1).max(200);

/** Money given back for an order, on the day it was processed. */
export const refundSchema = z.strictObject({
  externalId: key.describe("The platform's id of the refund"),
  processedAt: moment,
  amount,
  currency,
});

/** One purchase on one platform, as every source delivers it: no name, e-mail or address has a place here. */
export const orderSchema = z.strictObject({
  platform: key.regex(/^[a-z][a-z0-9_-]*$/, "lower-case letters, digits, - and _"),
  shop: z.string().max(200).default("").describe("Set only where one platform has several shops"),
  externalId: key.describe("The platform's id of the order, as text: ids go beyond 2^53"),
  orderNumber: z.string().max(100).optional(),
  createdAt: moment.describe("When the order was placed"),
  updatedAt: moment.optional().describe("The platform's own time of the last change; without it a file"),
  financialStatus: z.string().max(50).optional(),
  fulfillmentStatus: z.string().max(50).optional(),
  total: decimal.describe("Tax and shipping included"),
  subtotal: decimal.optional(),
  totalTax: decimal.optional(),
  currency,
  country: z.string().max(100).optional().describe("Where it is sent: a code or a name, however spelled"),
  customerId: z.string().max(100).optional(),
  lineItemsCount: z.int().min(0).optional(),
  cancelledAt: moment.optional(),
  test: z.boolean().default(false),
  dateOnly: z.boolean().default(false).describe("The day is known, the time is not: placed at local 00:00"),
  refunds: z.array(refundSchema).default([]),
});

export type Order = z.output<typeof orderSchema>;
export type OrderInput = z.input<typeof orderSchema>;

/** Where a write comes from. Orders of `webhook` and `demo` are announced one by one, others as one change. */
export type WriteSource = "webhook" | "demo" | "backfill" | "adopt" | "sdk";
