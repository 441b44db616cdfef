import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", "cli/main": "src/cli/main.ts", "sample/index": "src/sample/index.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  sourcemap: true,
  clean: false,
  dts:
    process.env.MTINK_BUILD_TYPES === "1"
      ? { entry: { index: "src/index.ts", "sample/index": "src/sample/index.ts" } }
      : false,
});
