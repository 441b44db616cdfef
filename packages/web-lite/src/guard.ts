import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Credentials, isLoopback } from "./config.js";
import { sendProblem } from "./problem.js";

const OPEN = new Set(["/healthz", "/readyz"]);
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/**
 * Who may in. Without a password only this machine's own requests: a foreign `Host` or `Origin` may be a page
 * elsewhere reaching in through the browser (DNS rebinding), and a proxy's header means others are let in.
 */
export function createGuard(credentials: Credentials | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (OPEN.has(request.routeOptions.url ?? "")) return;
    if (credentials === null) return refuseForeign(request, reply);
    if (!hasBasic(request.headers.authorization, credentials)) {
      const detail = "Sign in with MTINK_USER and MTINK_PASSWORD (HTTP Basic).";
      return sendProblem(reply, { status: 401, code: "unauthorized", title: "Sign in", detail });
    }
  };
}

function refuseForeign(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { headers } = request;
  const refused = (detail: string) =>
    sendProblem(reply, { status: 403, code: "forbidden", title: "Not from here", detail });
  const proxy = PROXY_HEADERS.find((header) => headers[header] !== undefined);
  if (proxy !== undefined) {
    return refused(
      `The header ${proxy} says there is a proxy in front, so others could get in. Set MTINK_USER and MTINK_PASSWORD first.`,
    );
  }
  if (!isLoopback(hostName(headers.host ?? "")))
    return refused("Without a password only localhost is served; this Host is another.");
  if (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host ?? "")) {
    return refused("Requests from another site's pages are not answered.");
  }
  return undefined;
}

const hostName = (host: string) => host.replace(/:\d+$/, "");
const isOwnOrigin = (origin: string, host: string) => origin === `http://${host}`;

/** Compared as digests, so that the time taken tells nothing about the password or its length. */
function hasBasic(header: string | undefined, { user, password }: Credentials): boolean {
  const [scheme = "", encoded = ""] = (header ?? "").split(" ");
  if (scheme.toLowerCase() !== "basic") return false;
  const given = createHash("sha256").update(Buffer.from(encoded, "base64")).digest();
  return timingSafeEqual(given, createHash("sha256").update(`${user}:${password}`).digest());
}
