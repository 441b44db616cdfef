import { existsSync, readFileSync } from "node:fs";

/**
 * Calls `end` when this process is asked to stop, or when a launcher above it (npx, pnpm, their shells) is gone:
 * one that is killed tells nobody below, and without it there is no terminal to stop this from.
 *
 * @param {() => void} end
 */
export function onStop(end) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
  const parent = process.ppid;
  const launchers = launchersAbove(parent);
  setInterval(() => (process.ppid !== parent || launchers.some(isGone)) && end(), 500).unref();
}

/**
 * The package managers above a process, with what lies between. Only where there is a /proc.
 *
 * @param {number} pid
 */
function launchersAbove(pid) {
  const found = [];
  const above = [];
  for (let each = parentOf(pid); each > 1; each = parentOf(each)) {
    above.push(each);
    if (/\b(npm|npx|pnpm)\b/.test(read(each, "cmdline"))) found.push(...above.splice(0));
  }
  return found;
}

/** @param {number} pid */
const parentOf = (pid) => Number(/^PPid:\s*(\d+)/m.exec(read(pid, "status"))?.[1] ?? 0);

/** @param {number} pid */
const isGone = (pid) => !/^State:\s*[^ZX\s]/m.test(read(pid, "status"));

/**
 * @param {number} pid
 * @param {string} name
 */
function read(pid, name) {
  const file = `/proc/${pid}/${name}`;
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}
