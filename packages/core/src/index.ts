// The library's one door: what is exported here is a promise to its users.

export { compareSales } from "./comparisons/compare-sales.js";
export { type Environment, parseVariables, readEnvironment } from "./config.js";
export { type ErrorCode, InkError } from "./errors.js";
export type { Freshness } from "./freshness.js";
export type { ImportedFile, ImportResult, Imports, RejectedRow } from "./imports/import.js";
export { type Answer, type Ink, type InkOptions, openInk, type ReportCall, type ReportParams } from "./ink.js";
// Orders and imports
export type { LiveMessage } from "./orders/events.js";
export { type Order, type OrderInput, orderSchema, type WriteSource } from "./orders/order.js";
export { recentOrders } from "./orders/recent-orders.js";
export { salesByDay } from "./orders/sales-by-day.js";
export type { OrderWriter, Written } from "./orders/writer.js";
export { parseParameters } from "./parameters.js";
// Reports: their shape, and each one's function by its own name
export { type Context, defineReport, findReport, inputSchema, type Report } from "./report.js";
export { reports } from "./reports.js";
export { spotifyListening } from "./spotify/spotify-listening.js";
