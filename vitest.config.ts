import { defineConfig } from "vitest/config";

// One process, not isolated, for all test files: the native addon is loaded once, and it crashes in worker threads.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/computed.ts",
    setupFiles: "test/support/equality.ts",
    pool: "forks",
    isolate: false,
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Only with --coverage: of what runs in the tests' own process, not of programs that they start.
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text"],
      reportsDirectory: "node_modules/.cache/coverage",
      reportOnFailure: true,
    },
    env: { TF_CPP_MIN_LOG_LEVEL: "3", TF_NUM_INTRAOP_THREADS: "1" },
  },
});
