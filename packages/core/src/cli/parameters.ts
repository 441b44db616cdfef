import { z } from "zod";

/** A report's parameters for a reader: name, what is allowed, default and meaning, a line each. */
export function parameterLines(schema: z.ZodObject): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") return `  ${name}`;
    const allowed = property.enum?.map(String).join(" | ") ?? rangeOf(property);
    const fallback = property.default === undefined ? "" : `, default ${String(property.default)}`;
    return `  ${name}: ${allowed}${fallback}. ${property.description ?? ""}`.trimEnd();
  });
}

function rangeOf({ type, minimum, maximum }: { type?: unknown; minimum?: number; maximum?: number }): string {
  return minimum === undefined || maximum === undefined ? String(type ?? "any") : `${minimum} to ${maximum}`;
}
