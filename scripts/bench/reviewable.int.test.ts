import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { programCommand } from "../../cli/run-program.ts";
import { childEnv, loadConfig } from "../../config/env.ts";
import { silentLog } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { probe } from "../../pipeline/media/probe.ts";
import { findTool } from "../../runtime/tools.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { measureReviewable } from "./reviewable.ts";

describe("from a candidate to what people can review", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bench-reviewable-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is timed on a database of its own, of which nothing is left", async () => {
    const { databaseUrl, redisUrl } = inject("services");
    const config = loadConfig();
    const clip = await patternClip(folder, "clip.mp4", { durationSec: 5, args: ["-pix_fmt", "yuv420p"] });
    const work = join(folder, "work");
    const facts = await probe(clip, {
      ffprobePath: findTool("ffprobe", config),
      transport: "tcp",
      timeoutMs: 20_000,
    });
    await mkdir(work);
    const found = await measureReviewable({
      databaseUrl,
      redisUrl,
      folder: work,
      ffmpegPath: findTool("ffmpeg", config),
      clip,
      probe: facts,
      candidates: 2,
      worker: programCommand("workers", ["--roles", "evidence"]),
      env: childEnv,
      modelsDir: config.modelsDir,
      executionProviders: ["cpu"],
      log: silentLog,
    });
    expect(found).toHaveLength(2);
    for (const { sealedMs, incidentMs } of found) expect(incidentMs).toBeGreaterThan(sealedMs);
    expect(await readdir(work)).toEqual([]);
    expect(await databases(databaseUrl)).toEqual([]);
    expect(await keys(redisUrl)).toEqual([]);
  });
});

async function databases(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like 'forewarn\\_bench\\_%'",
    );
    return rows.map(({ datname }) => datname);
  } finally {
    await client.end();
  }
}

async function keys(url: string): Promise<string[]> {
  const redis = new Redis(url);
  try {
    return await redis.keys("forewarn_bench_*");
  } finally {
    redis.disconnect();
  }
}
