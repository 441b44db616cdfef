// Builds the packages that have changed since their last build: JavaScript always, declarations with --types.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const types = process.argv.includes("--types");
const quiet = process.argv.includes("--quiet");
/** In the order they depend on each other. */
const packages = ["core", "web-lite"];

for (const name of packages) {
  const folder = join(root, "packages", name);
  const stamp = join(folder, "dist", types ? ".stamp-types" : ".stamp");
  const now = digest(folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) continue;
  if (!quiet) process.stderr.write(`Building ${name} …\n`);
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  const env = { ...process.env, MTINK_BUILD_TYPES: types ? "1" : "0" };
  const built = spawnSync(process.execPath, [tsup, "--silent"], {
    cwd: folder,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status !== 0) {
    process.stderr.write(`${name} could not be built; what is wrong stands above.\n`);
    process.exit(1);
  }
  writeFileSync(stamp, now);
  if (types) writeFileSync(join(folder, "dist", ".stamp"), now);
}

/** @param {string} folder */
function digest(folder) {
  const hash = createHash("sha256");
  const files = ["package.json", "tsup.config.ts"].map((file) => join(folder, file));
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files, join(root, "pnpm-lock.yaml"), ...sources.sort()])
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}
