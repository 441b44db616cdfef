import type { FastifyInstance } from "fastify";

/** The OpenAPI document, and a plain page of it for a reader without tools. */
export function docsRoutes(app: FastifyInstance): void {
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  app.get("/api/docs", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(docsPage(app.swagger())),
  );
}

function docsPage(document: object): string {
  const paths = isRecord(document) && "paths" in document && isRecord(document.paths) ? document.paths : {};
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    isRecord(methods) ? Object.entries(methods).map(([method, operation]) => entry(path, method, operation)) : [],
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>MT Ink API</title></head>
<body><h1>MT Ink API</h1>
<p>The whole of it, with every shape, for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.
Every <code>asOf</code> is ISO 8601 with an offset, or local time of the shop.</p>
${entries.join("\n")}
</body></html>`;
}

function entry(path: string, method: string, operation: unknown): string {
  if (!isRecord(operation)) return "";
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.filter(isRecord) : [];
  const items = parameters.map(
    (each) => `<li><code>${escapeHtml(each.name)}</code> ${escapeHtml(each.description ?? "")}</li>`,
  );
  return `<h2><code>${escapeHtml(method.toUpperCase())} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(operation.summary ?? "")}. ${escapeHtml(operation.description ?? "")}</p><ul>${items.join("")}</ul>`;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (value: unknown) => String(value).replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? "");
