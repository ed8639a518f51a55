import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCameraStatus } from "../../store/camera-status-read-model.ts";
import { takeLease } from "../../store/lease-store.ts";
import { createPool } from "../../store/pool.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, type TestDatabase } from "../../test-fixtures/test-database.ts";

const folder = mkdtempSync(join(tmpdir(), "status-"));

describe("forewarn status", () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  });
  const status = (env: Record<string, string>, ...args: string[]) =>
    runCli(["status", ...args], { cwd: folder, env: { FOREWARN_DATABASE_URL: "", ...env } });

  it("shows the wall without colours where nobody looks, and fails while a camera is not watched", async () => {
    const env = { FOREWARN_DATABASE_URL: database.url };
    const nobody = await status(env);
    expect(nobody).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringContaining("no camera") });

    const cameraId = await makeCamera(pool, { name: "人民南路二段" });
    const now = Date.now();
    const lease = await takeLease(pool, cameraId, "worker-1", now - 300_000);
    await writeCameraStatus(
      pool,
      cameraId,
      lease?.fence ?? 0,
      {
        kind: "watched",
        capture: {
          state: "running",
          restarts: 2,
          stalls: 0,
          breaker: "closed",
          lastExit: "failed",
          nextTryInMs: null,
        },
        framesDecoded: 250,
        framesAnalysed: 90,
        framesDropped: 10,
        analysedFps: 4.96,
        lastFrameAt: now,
        standing: 3,
        candidates: 0,
        unconfirmed: 0,
        clock: null,
        ring: null,
        model: "yolox-nano",
        watch: "full",
      },
      // As if just written, however long this process takes to start.
      now + 60_000,
    );
    const watched = await status(env);
    expect(watched).toMatchObject({ exit: 0, stderr: "" });
    expect(watched.stdout).not.toContain("\u001B");
    expect(watched.stdout).toMatch(/^CAMERA +NAME +STATE/);
    expect(watched.stdout).toMatch(
      /人民南路二段 +watched +worker-1 +5m +5\.0 +\S+ +10\.0% +2 +3 +0 +0\.0%\n/,
    );
    expect(watched.stdout).toContain("1 camera: 1 watched\n");

    await makeCamera(pool);
    const half = await status(env, "--json");
    expect(half.exit).toBe(1);
    const lines = half.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(["camera", "camera", "summary"]);
    expect(
      lines
        .slice(0, 2)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["unwatched", "watched"]);
    expect(lines[2]).toMatchObject({ cameras: 2, watched: 1, unwatched: 1, offline: 0 });
  });

  it("says what is missing where no database is configured", async () => {
    const answer = await status({});
    expect(answer).toMatchObject({ exit: 2, stdout: "" });
    expect(answer.stderr).toContain("FOREWARN_DATABASE_URL is not set");
  });
});
