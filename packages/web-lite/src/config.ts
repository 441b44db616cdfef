import { type Environment, InkError, parseVariables } from "@mt-ink/core";
import { z } from "zod";

const schema = z.object({
  MTINK_HOST: z.string().min(1).default("127.0.0.1"),
  MTINK_PORT: z
    .string()
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
      "must be a port, 0 to 65535 (0 takes a free one)",
    )
    .default("3003"),
  MTINK_USER: z.string().optional(),
  MTINK_PASSWORD: z.string().min(8, "must have 8 characters or more").optional(),
});

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface WebConfig {
  readonly host: string;
  readonly port: number;
  /** Null: only this machine is served, without sign-in. */
  readonly credentials: Credentials | null;
}

/**
 * Settings of the web server from environment variables.
 *
 * @throws InkError `bad_config`, also when other machines could reach it without a password.
 */
export function parseConfig(env: Environment): WebConfig {
  const values = parseVariables(schema, env);
  const { MTINK_HOST: host, MTINK_USER: user, MTINK_PASSWORD: password } = values;
  if ((user === undefined) !== (password === undefined)) {
    throw new InkError("bad_config", "MTINK_USER and MTINK_PASSWORD go together; set both or none.");
  }
  const credentials = user === undefined || password === undefined ? null : { user, password };
  if (credentials === null && !isLoopback(host)) {
    throw new InkError(
      "bad_config",
      `MTINK_HOST is ${host}, which other machines can reach, but no password is set. Set MTINK_USER and MTINK_PASSWORD, or MTINK_HOST=127.0.0.1.`,
    );
  }
  return { host, port: Number(values.MTINK_PORT), credentials };
}

/** Whether a host name or address, without a port, is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
