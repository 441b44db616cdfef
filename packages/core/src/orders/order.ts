import { z } from "zod";

const decimal = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'a decimal number as text, such as "45.67"')
  .describe("A decimal number as text");
const amount = decimal.regex(/^\d/, "an amount of 0 or more");
const moment = z.iso
  .datetime({ offset: true })
  .regex(/^(19[7-9]|20|21)/, "of the years 1970 to 2199")
  .describe("ISO 8601 with an offset");
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "an ISO 4217 code of three capital letters")
  .describe("ISO 4217");
/** PostgreSQL's text holds no NUL, and no other control character belongs into an id or a status. */
const text = (longest: number) =>
  z
    .string()
    .max(longest, `text of at most ${longest} characters`)
    .regex(/^\P{Cc}*$/u, "text without control characters");
const key = text(200).min(1, "text that is not empty");

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
  shop: text(200).default("").describe("Set only where one platform has several shops"),
  externalId: key.describe("The platform's id of the order, as text: ids go beyond 2^53"),
  orderNumber: text(100).optional(),
  createdAt: moment.describe("When the order was placed"),
  updatedAt: moment.optional().describe("The platform's own time of the last change; without it a file"),
  financialStatus: text(50).optional(),
  fulfillmentStatus: text(50).optional(),
  total: decimal.describe("Tax and shipping included"),
  subtotal: decimal.optional(),
  totalTax: decimal.optional(),
  currency,
  country: text(100).optional().describe("Where it is sent: a code or a name, however spelled"),
  customerId: text(100).optional(),
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
