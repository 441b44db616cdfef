// Page and API on the configured database; builds what it needs first.
import "./build.mjs";

await import("../packages/web-lite/dist/main.js");
