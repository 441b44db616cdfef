import { compareSalesReport } from "./comparisons/compare-sales.js";
import { recentOrdersReport } from "./orders/recent-orders.js";
import { salesByDayReport } from "./orders/sales-by-day.js";
import type { Report } from "./report.js";
import { spotifyListeningReport } from "./spotify/spotify-listening.js";

/** Every report there is, in the order the faces list them. A new one is its file and a line here. */
export const reports = [
  compareSalesReport,
  salesByDayReport,
  recentOrdersReport,
  spotifyListeningReport,
] as const satisfies readonly Report[];
