import swagger from "@fastify/swagger";
import { type Ink, parseParameters } from "@mt-ink/core";
import Fastify, { type FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Credentials } from "./config.js";
import { createGuard } from "./guard.js";
import { handleError, sendProblem } from "./problem.js";
import { dashboardRoutes } from "./routes/dashboard.js";
import { docsRoutes } from "./routes/docs.js";
import { healthRoutes } from "./routes/health.js";
import { reportRoutes } from "./routes/reports.js";

export interface AppOptions {
  /** Null or absent: only this machine is served, without sign-in. */
  readonly credentials?: Credentials | null;
  /** Where unexpected errors are logged, with their ids; default true: standard output. */
  readonly logger?: boolean;
}

/**
 * The web server over an ink; it listens only when told: `await app.listen({ port: 3003 })`.
 *
 * @example
 * const app = await createApp(await openInk());
 * const reply = await app.inject("/api/snapshot");
 */
export async function createApp(
  ink: Ink,
  { credentials = null, logger = true }: AppOptions = {},
): Promise<FastifyInstance> {
  const app = Fastify({ logger: logger ? { level: "warn" } : false, routerOptions: { maxParamLength: 200 } });
  app.setValidatorCompiler(
    ({ schema, url }) =>
      (data) =>
        validate(schema, data, url ?? "the request"),
  );
  // Answers are parsed by their report's schema already; the response schemas are for the OpenAPI document.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(async (request, reply) =>
    sendProblem(reply, {
      status: 404,
      code: "not_found",
      title: "Not found",
      detail: `There is no ${request.method} ${request.url.split("?")[0]}. See /api/docs.`,
    }),
  );
  app.addHook("onRequest", createGuard(credentials));
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "MT Ink", version: "0.1.0", description: "Sales and listening of an independent publisher." },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (routes) => {
    healthRoutes(routes, ink);
    dashboardRoutes(routes, ink);
    reportRoutes(routes, ink);
    docsRoutes(routes);
  });
  return app;
}

/** The same sentence for a wrong parameter as every other face gives. */
function validate(schema: unknown, data: unknown, url: string) {
  if (!(schema instanceof z.ZodObject)) return { value: data };
  try {
    return { value: parseParameters(schema, data, url) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
