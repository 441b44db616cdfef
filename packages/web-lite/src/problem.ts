import { randomUUID } from "node:crypto";
import { type ErrorCode, InkError } from "@mt-ink/core";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** An error as RFC 9457 has it, with the closed `code` a program can rely on. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

const statuses: Partial<Record<ErrorCode, readonly [status: number, title: string]>> = {
  bad_parameter: [400, "Bad parameter"],
  bad_usage: [400, "Bad request"],
  bad_file: [422, "Unreadable file"],
  too_many_rejected: [422, "Too many bad rows"],
  unknown_report: [404, "No such report"],
  import_not_found: [404, "No such import"],
  import_changed: [409, "The data has moved"],
  database_unavailable: [503, "Database unavailable"],
};

/** Codes by which the driver and PostgreSQL say that there is no server to talk to. */
const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "57P01", "57P02", "57P03", "08006", "08003"]);

/** The one place where an error becomes a reply. An unknown one is logged and shown as an id only. */
export function problemOf(error: unknown, log: (id: string, error: unknown) => void): Problem {
  if (error instanceof InkError) {
    const [status, title] = statuses[error.code] ?? [500, "Failed"];
    return { status, code: error.code, title, detail: error.message };
  }
  if (isGone(error)) {
    const detail = "The database does not answer at the moment; try again in a few seconds.";
    return { status: 503, code: "database_unavailable", title: "Database unavailable", detail };
  }
  const status = clientStatus(error);
  if (status !== null) {
    return {
      status,
      code: "bad_request",
      title: "Bad request",
      detail: error instanceof Error ? error.message : "Bad request.",
    };
  }
  const id = randomUUID();
  log(id, error);
  return {
    status: 500,
    code: "internal",
    title: "Internal error",
    detail: `This should not have happened. Its id in the log: ${id}.`,
  };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type("application/problem+json").send(problem);
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    problemOf(error, (id, cause) => request.log.error({ id, err: cause }, "unexpected error")),
  );
}

function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && GONE.has(String(error.code))) return true;
  return /^Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}

/** Fastify's own refusals (too large a body, no such media type) carry a status below 500. */
function clientStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return null;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : null;
}
