import type { z } from "zod";
import { InkError } from "./errors.js";

/**
 * Parses named parameters that come from a person or a program outside.
 *
 * @param subject what has these parameters, as the sentence begins: a report's name, a route
 * @throws InkError `bad_parameter`: one sentence with the parameter, what is allowed and the known names.
 */
export function parseParameters<S extends z.ZodObject>(schema: S, params: unknown, subject: string): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const names = Object.keys(schema.shape);
  const known = names.length === 0 ? "It has none" : `Known: ${names.join(", ")}`;
  const problems = parsed.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `${subject} has no parameter ${issue.keys.map((key) => `"${key}"`).join(", ")}. ${known}`
      : `${subject}: ${issue.path.join(".")} is wrong: ${issue.message}`,
  );
  throw new InkError("bad_parameter", `${problems.join(". ")}.`);
}
