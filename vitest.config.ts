import { defineConfig } from "vitest/config";

// Tests import the packages from their sources, by the same condition the type checker uses.
const source = {
  resolve: { conditions: ["@mt-ink/source"] },
  ssr: { resolve: { conditions: ["@mt-ink/source", "node"] } },
};

export default defineConfig({
  ...source,
  test: {
    projects: [
      {
        ...source,
        test: {
          name: "packages",
          include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          globalSetup: ["packages/core/src/testing/postgres-server.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
