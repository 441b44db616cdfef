import type { ImportKind } from "./kind.js";
import { ordersKind } from "./orders.js";
import { countryKind, monthlyKind, revenueKind, weeklyKind } from "./spotify.js";

/** Every kind of file that can be imported. A new one is its file and a line here. */
export const kinds: readonly ImportKind[] = [ordersKind, weeklyKind, countryKind, monthlyKind, revenueKind];
