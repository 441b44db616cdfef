/** The closed list of what can go wrong; each face maps a code to its reply in one place. */
export type ErrorCode =
  | "bad_config"
  | "bad_file"
  | "bad_parameter"
  | "bad_usage"
  | "database_unavailable"
  | "embedded_failed"
  | "import_changed"
  | "import_not_found"
  | "settings_mismatch"
  | "too_many_rejected"
  | "unknown_report";

/**
 * An error a person caused or can mend: its message is one sentence that says what was wrong, what is
 * allowed and what to do next. Anything else that is thrown is a defect and is shown as an id only.
 *
 * @example
 * throw new InkError("unknown_report", 'No report "sale". Known: compare_sales, sales_by_day.');
 */
export class InkError extends Error {
  override readonly name = "InkError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
