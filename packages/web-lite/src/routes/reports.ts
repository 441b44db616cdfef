import { findReport, type Ink, inputSchema } from "@mt-ink/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readSnapshot } from "../snapshot.js";

const freshness = z
  .array(z.object({ source: z.string(), newest: z.string() }))
  .describe("How new each source's data is");

/** Every report by the one generic route, and the page's snapshot of several. */
export function reportRoutes(app: FastifyInstance, ink: Ink): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ["reports"];

  routes.get(
    "/api/reports",
    {
      schema: {
        tags,
        summary: "The reports there are, with their JSON Schemas",
        querystring: z.strictObject({}),
        response: {
          200: z.array(
            z.object({
              name: z.string(),
              title: z.string(),
              description: z.string(),
              input: z.unknown(),
              output: z.unknown(),
            }),
          ),
        },
      },
    },
    async () =>
      ink.reports.map((report) => ({
        name: report.name,
        title: report.title,
        description: report.description,
        input: z.toJSONSchema(inputSchema(report), { io: "input" }),
        output: z.toJSONSchema(report.output),
      })),
  );

  // A route for each, so that the OpenAPI document knows its parameters and its answer.
  for (const report of ink.reports) {
    routes.get(
      `/api/reports/${report.name}`,
      {
        schema: {
          tags,
          summary: report.title,
          description: report.description,
          querystring: inputSchema(report),
          response: { 200: z.object({ data: report.output, text: z.string(), freshness, seq: z.int() }) },
        },
      },
      async ({ query }) => {
        const { answers } = await ink.answer([{ name: report.name, params: query }]);
        const [answer] = answers;
        if (answer === undefined) throw new Error("one call has one answer");
        return answer;
      },
    );
  }

  app.get("/api/reports/:name", { schema: { hide: true } }, async ({ params }) =>
    findReport(ink.reports, z.object({ name: z.string() }).parse(params).name),
  );

  routes.get(
    "/api/snapshot",
    {
      schema: {
        tags: ["page"],
        summary: "Everything the page shows, from one moment",
        querystring: z.strictObject({ asOf: z.string().optional() }),
        response: {
          200: z.object({
            seq: z.int().describe("The newest order event counted"),
            freshness,
            sections: z.record(
              z.string(),
              z.object({ report: z.string(), data: z.record(z.string(), z.unknown()), text: z.string() }),
            ),
          }),
        },
      },
    },
    async ({ query }) => readSnapshot(ink, query.asOf),
  );
}
