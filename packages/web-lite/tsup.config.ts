import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", main: "src/main.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  sourcemap: true,
  clean: false,
  dts: process.env.MTINK_BUILD_TYPES === "1" ? { entry: { index: "src/index.ts" } } : false,
});
