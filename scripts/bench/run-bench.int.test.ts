import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnv, loadConfig } from "../../config/env.ts";
import { silentLog } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { findTool } from "../../runtime/tools.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { bareStages } from "./results.ts";
import { quickPlan, runBench } from "./run-bench.ts";
import { summarise, summaryText } from "./summary.ts";

describe.skipIf(process.platform !== "linux")("the benchmark", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bench-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("measures every part once and says what it left out", async () => {
    const config = loadConfig();
    // Easier to encode than the drawn scene.
    const footage = await patternClip(folder, "footage.mp4", { args: ["-pix_fmt", "yuv420p"] });
    const steps: string[] = [];
    const end = await runBench({
      plan: { ...quickPlan, liveWindowMs: 200, walls: [1], wallWindowMs: 200 },
      folder: join(folder, "bench"),
      footage,
      modelId: "default",
      modelsDir: config.modelsDir,
      executionProviders: ["cpu"],
      threads: 1,
      ffmpegPath: findTool("ffmpeg", config),
      ffprobePath: findTool("ffprobe", config),
      env: childEnv,
      servers: undefined,
      log: silentLog,
      signal: new AbortController().signal,
      onStep: (name) => void steps.push(name),
      onMeasurement: () => undefined,
    });
    const named = (name: string) => end.measurements.filter((one) => one.name === name);
    for (const stage of bareStages) {
      expect(named(stage)).toMatchObject([{ frames: 20, round: 1 }]);
      expect(named(`${stage}-beside`)).toMatchObject([{ frames: stage === "decode" ? 40 : 20, round: 1 }]);
    }
    expect(named("pipeline-1")).toMatchObject([{ frames: 20, cameras: 1 }]);
    expect(named("pipeline-2")).toMatchObject([{ frames: 40, cameras: 2 }]);
    expect(named("keyframes").map(({ cameras }) => cameras)).toEqual([0, 1]);
    for (const { cpuMs } of end.measurements) expect(cpuMs).toBeGreaterThanOrEqual(0);
    expect(end.skipped["candidate to reviewable"]).toContain("FOREWARN_DATABASE_URL");

    const summary = summarise(end, 2);
    expect(summary.limitRatio["1"]?.median).toBeGreaterThan(0);
    expect(summary.limitRatioBeside?.median).toBeGreaterThan(0);
    expect(summary.bundle.sealCpuMs.median).toBeGreaterThan(0);
    expect(summary.bundle.sizeBytes.median).toBeGreaterThan(10_000);
    expect(summaryText(summary).join("\n")).toMatch(/Checking one of 50 MB: \d+ CPU ms/);
    // One wall shows no slope.
    expect(summary.keyframes).toBeNull();
    expect(summaryText(summary).join("\n")).toMatch(/pipeline, 2 cameras, saturated +\d+\.\d\d/);
    // Only the clip is kept, for the next time.
    expect(await readdir(join(folder, "bench"))).toEqual([
      expect.stringMatching(/^clip-4s-[0-9a-f]{12}\.mp4$/),
    ]);
    expect(end.clip.content).toBe("footage.mp4");
  });
});
