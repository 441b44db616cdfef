import type { Ink } from "@mt-ink/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

const ok = z.object({ status: z.literal("ok") });

/** For whoever watches the server: is the process there, and can it answer? */
export function healthRoutes(app: FastifyInstance, ink: Ink): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ["health"];
  routes.get("/healthz", { schema: { tags, summary: "The process runs", response: { 200: ok } } }, async () => ({
    status: "ok" as const,
  }));
  routes.get(
    "/readyz",
    { schema: { tags, summary: "The database answers and has its schema", response: { 200: ok } } },
    async () => {
      await ink.ping();
      return { status: "ok" as const };
    },
  );
}
