import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { childEnv } from "../../config/env.ts";
import { packageRoot } from "../../runtime/version.ts";

const line = z.object({
  type: z.literal("check"),
  name: z.string(),
  status: z.enum(["ok", "warn", "fail"]),
  message: z.string(),
  remedy: z.string().optional(),
});

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "forewarn-doctor-test-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function doctor(args: string[], extra: Record<string, string> = {}) {
  const env = childEnv({
    FOREWARN_DATA_DIR: dataDir,
    FOREWARN_PORT: "0",
    FOREWARN_DATABASE_URL: "",
    FOREWARN_REDIS_URL: "",
    ...extra,
  });
  const command = join(packageRoot, "cli", "forewarn.mjs");
  return new Promise<{ code: number; checks: Map<string, z.infer<typeof line>>; stdout: string }>(
    (resolve) => {
      execFile(process.execPath, [command, "doctor", ...args], { env }, (error, stdout) => {
        const checks = args.includes("--json")
          ? stdout
              .trim()
              .split("\n")
              .map((text) => line.parse(JSON.parse(text)))
          : [];
        resolve({
          code: error === null ? 0 : Number(error.code),
          checks: new Map(checks.map((check) => [check.name, check])),
          stdout,
        });
      });
    },
  );
}

it("finds a set-up machine fit, and starts a database when asked to go deep", async () => {
  const { code, checks } = await doctor(["--json", "--deep"]);
  for (const name of ["node", "ffmpeg", "ffprobe", "redis-server", "database"])
    expect(checks.get(name)).toMatchObject({ status: "ok" });
  expect(checks.get("database")?.message).toMatch(/started and stopped/);
  expect(checks.get("model")).toMatchObject({
    status: "warn",
    remedy: expect.stringContaining("models pull"),
  });
  expect(code).toBe([...checks.values()].some(({ status }) => status === "fail") ? 1 : 0);
});

it("ends 1 and says what to do when something fails, without showing passwords", async () => {
  const { code, checks, stdout } = await doctor(["--json"], {
    FOREWARN_FFMPEG: "/nonexistent/ffmpeg",
    FOREWARN_DATABASE_URL: "postgres://me:hush-hush@127.0.0.1:1/none",
    FOREWARN_REDIS_URL: "redis://:hush-hush@127.0.0.1:1",
  });
  expect(code).toBe(1);
  for (const name of ["ffmpeg", "database", "redis"]) {
    expect(checks.get(name)?.status).toBe("fail");
    expect(checks.get(name)?.remedy).toBeTruthy();
  }
  expect(stdout).not.toContain("hush-hush");
});
