import type { ColumnType, Generated } from "kysely";

/** A timestamptz: PostgreSQL's own text comes out, an ISO 8601 string goes in. */
type Timestamp = ColumnType<string, string, string>;
/** NUMERIC and BIGINT come out as decimal strings, so that nothing is rounded on the way. */
type Decimal = ColumnType<string, string, string>;

interface OrdersTable {
  platform: string;
  shop: string;
  external_id: string;
  order_number: string | null;
  created_at: Timestamp;
  updated_at: Timestamp | null;
  financial_status: string | null;
  fulfillment_status: string | null;
  total: Decimal;
  subtotal: Decimal | null;
  total_tax: Decimal | null;
  currency: string;
  reporting_total: Decimal | null;
  country: string;
  country_text: string | null;
  customer_id: string | null;
  line_items_count: number | null;
  cancelled_at: Timestamp | null;
  test: boolean;
  counted: boolean;
  date_only: boolean;
  source: string;
  import_id: string | null;
  written_at: Timestamp;
}

interface RefundsTable {
  platform: string;
  shop: string;
  order_external_id: string;
  external_id: string;
  processed_at: Timestamp;
  amount: Decimal;
  currency: string;
  reporting_amount: Decimal | null;
  bare: boolean;
  import_id: string | null;
}

interface OrderEventsTable {
  seq: string;
  type: string;
  at: Timestamp;
  data: unknown;
}

interface SpotifyWeeklyStatsTable {
  id: Generated<string>;
  report_week_start: string;
  report_week_end: string;
  total_minutes: Decimal;
  country: string;
  uploaded_at: Timestamp;
  import_id: string | null;
}

interface SpotifyCountryStatsTable {
  id: Generated<string>;
  report_week_start: string;
  country: string;
  minutes: Decimal;
  uploaded_at: Timestamp;
  import_id: string | null;
}

interface MonthlyRevenueTable {
  id: Generated<string>;
  month: string;
  minutes_streamed: string;
  revenue: Decimal;
  uploaded_at: Timestamp;
  import_id: string | null;
}

interface SpotifyPoolPaymentsTable {
  quarter: string;
  amount: Decimal;
  currency: string;
  minutes: string | null;
  completes: Decimal | null;
  uploaded_at: Timestamp;
  import_id: string | null;
}

interface ExchangeRatesTable {
  day: string;
  currency: string;
  /** Units of `currency` for one euro, as the ECB publishes them. */
  rate: Decimal;
}

interface ImportsTable {
  id: Generated<string>;
  status: "previewed" | "committed";
  source: string;
  created_at: Generated<Timestamp>;
  committed_at: Timestamp | null;
  files: unknown;
}

interface SettingsTable {
  name: string;
  value: string;
}

export interface Tables {
  orders: OrdersTable;
  refunds: RefundsTable;
  order_events: OrderEventsTable;
  spotify_weekly_stats: SpotifyWeeklyStatsTable;
  spotify_country_stats: SpotifyCountryStatsTable;
  monthly_revenue: MonthlyRevenueTable;
  spotify_pool_payments: SpotifyPoolPaymentsTable;
  exchange_rates: ExchangeRatesTable;
  imports: ImportsTable;
  settings: SettingsTable;
}
