import { defineConfig } from "vitest/config";

const shared = {
  // As everywhere: ONNX Runtime must not report its use to its maker.
  env: { ORT_DISABLE_TELEMETRY: "1" },
  exclude: ["**/node_modules/**", "**/dist/**", "**/.forewarn/**"],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** unit: pure, no IO beyond small files. int: real Postgres, Redis, ffmpeg, ONNX Runtime. e2e: a clip in, a decision out over HTTP. */
export default defineConfig({
  test: {
    // Two cores: more forks only make real ffmpeg and ONNX Runtime fight for them.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...shared.exclude, "**/*.int.test.ts", "**/*.e2e.test.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "int",
          include: ["**/*.int.test.ts"],
          globalSetup: ["./test-fixtures/services.global.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "e2e",
          include: ["**/*.e2e.test.ts"],
          globalSetup: ["./test-fixtures/services.global.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
    ],
  },
});
