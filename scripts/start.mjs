// Page and API on the configured database; builds what it needs first.
import "./build.mjs";

await import(new URL("../packages/web-lite/bin/mt-ink-web.js", import.meta.url).href);
