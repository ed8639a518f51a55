import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadCameraFile } from "../../config/camera-file.ts";
import { InvalidInputError, MissingToolError } from "../../pipeline/domain/errors.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(folder, { recursive: true }));
const sampleCamera = join(packageRoot, "config", "sample", "camera-parking.yaml");
const env = {
  FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models"),
  FOREWARN_DATA_DIR: join(folder, "data"),
};

/** Its own working folder for each run, so that a relative --out reads the same in every run's lines. */
function workingFolder(name: string): string {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  return cwd;
}

// The lines other people's scripts read: exactly these fields.
const candidateSchema = z.strictObject({
  type: z.literal("candidate"),
  candidateId: z.string().min(1),
  violation: z.literal("vehicle_sidewalk"),
  ruleId: z.literal("kerb-parking"),
  zoneId: z.literal("kerb"),
  trackIds: z.array(z.string()).min(1),
  label: z.string(),
  score: z.number().min(0.35).max(1),
  startedAt: z.iso.datetime(),
  triggeredAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  startSec: z.number().min(0),
  triggerSec: z.number(),
  endSec: z.number().nullable(),
  dwellMs: z.int(),
  unobservedMs: z.int().min(0),
  box: z.array(z.number().min(0).max(1)).length(4),
  bundle: z.string(),
});
const summarySchema = z.strictObject({
  type: z.literal("summary"),
  durationSec: z.number(),
  framesDecoded: z.int(),
  framesAnalysed: z.int(),
  wallMs: z.int().positive(),
  cpuMs: z.int().positive(),
  candidates: z.int(),
});

async function replaySample(clip: string, name: string, camera: string) {
  const cwd = workingFolder(name);
  const args = ["replay", clip, "--camera", camera, "--out", "out", "--json"];
  const { exit, stdout, stderr } = await runCli(args, { cwd, env });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  const summary = summarySchema.parse(JSON.parse(lines.at(-1) ?? ""));
  const texts = lines.slice(0, -1);
  const candidates = texts.map((line) => candidateSchema.parse(JSON.parse(line)));
  return { cwd, texts, candidates, summary };
}

const sample = await sampleFootage().catch((error: unknown) => {
  if (error instanceof MissingToolError) return error;
  throw error;
});
const why = sample instanceof MissingToolError ? ` (skipped: ${sample.message})` : "";

describe.skipIf(sample instanceof MissingToolError)(`forewarn replay on the sample clip${why}`, () => {
  const clip = String(sample);
  let first: Awaited<ReturnType<typeof replaySample>>;
  beforeAll(async () => {
    first = await replaySample(clip, "first", sampleCamera);
  }, 180_000);

  it("finds the van and the car, seals them, and says the same every time", async () => {
    expect(first.candidates.map(({ label }) => label).sort()).toEqual(["car", "truck"]);
    expect(first.summary).toMatchObject({
      durationSec: 79.5,
      framesDecoded: 795,
      framesAnalysed: 159,
      candidates: 2,
    });
    for (const found of first.candidates) {
      expect(found.bundle).toBe(join("out", found.candidateId));
      expect(await verifyBundle(join(first.cwd, found.bundle))).toMatchObject({
        ok: true,
        bundleId: found.candidateId,
        problems: [],
      });
      expect(found.dwellMs).toBeGreaterThanOrEqual(30_000);
      const clipStart = Date.parse("2026-01-01T12:00:00+08:00");
      expect(Date.parse(found.triggeredAt)).toBe(clipStart + found.triggerSec * 1000);
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = found.box;
      expect(x1 < x2 && y1 < y2).toBe(true);
    }
    const triggers = first.candidates.map(({ triggerSec }) => triggerSec);
    expect(triggers).toEqual([...triggers].sort((a, b) => a - b));

    const second = await replaySample(clip, "second", sampleCamera);
    expect(second.texts).toEqual(first.texts);
  }, 180_000);

  it("fires at the same time with half the frames", async () => {
    const halved = join(folder, "half.yaml");
    writeFileSync(halved, readFileSync(sampleCamera, "utf8").replace("fps: 2,", "fps: 1,"));
    expect((await loadCameraFile(halved)).analysis.fps).toBe(1);
    const half = await replaySample(clip, "half-rate", halved);
    expect(half.summary.framesAnalysed).toBe(80);
    const byLabel = (run: typeof first) =>
      run.candidates
        .map(({ label, triggerSec }) => ({ label, triggerSec }))
        .sort((a, b) => (a.label < b.label ? -1 : 1));
    const triggers = byLabel(half);
    expect(triggers.map(({ label }) => label)).toEqual(byLabel(first).map(({ label }) => label));
    // One interval of the slower rate, and a second.
    for (const [index, { triggerSec }] of byLabel(first).entries())
      expect(Math.abs((triggers[index]?.triggerSec ?? Number.NaN) - triggerSec)).toBeLessThanOrEqual(2);
  }, 180_000);
});

describe("forewarn replay refuses", () => {
  // The same noise every time: chance must not make a video of it.
  const noise = createHash("shake256", { outputLength: 20_000 }).update("noise").digest();
  const replay = (cwd: string, clip: string, camera: string) =>
    runCli(["replay", clip, "--camera", camera, "--out", "out", "--json"], { cwd, env });

  it("a camera file that is missing, by its name", async () => {
    expect(await replay(workingFolder("no-camera"), "clip.mp4", "nowhere.yaml")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringMatching(/nowhere\.yaml is not valid:\n.*cannot be read/),
    });
  });

  it("a faulty camera file, with every fault at once", async () => {
    const faulty = join(packageRoot, "test-fixtures", "cameras", "faulty.yaml");
    const { exit, stdout, stderr } = await replay(workingFolder("faulty"), "clip.mp4", faulty);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    const error: unknown = await loadCameraFile(faulty).catch((thrown: unknown) => thrown);
    const faults = error instanceof InvalidInputError ? error.faults : [];
    expect(faults.length).toBeGreaterThan(10);
    for (const { path, message } of faults) expect(stderr).toContain(`  ${path}: ${message}\n`);
  });

  it("a clip that is not there, by its name", async () => {
    expect(await replay(workingFolder("no-clip"), "nowhere.mp4", sampleCamera)).toMatchObject({
      exit: 1,
      stdout: "",
      stderr: expect.stringContaining("nowhere.mp4: there is no such file"),
    });
  });

  it.each([
    ["is no video at all", Buffer.alloc(0), "noise.mp4 is not a video"],
    [
      "only begins like one",
      Buffer.from("\0\0\0\x20ftypisom"),
      "noise.mp4 begins like a video but cannot be read",
    ],
  ])("a clip that %s", async (what, head, message) => {
    const cwd = workingFolder(what);
    writeFileSync(join(cwd, "noise.mp4"), Buffer.concat([head, noise]));
    expect(await replay(cwd, "noise.mp4", sampleCamera)).toMatchObject({
      exit: 1,
      stdout: "",
      stderr: expect.stringContaining(message),
    });
  });

  it("a start without a zone, and a command without a camera file", async () => {
    const cwd = workingFolder("usage");
    const zoneless = ["--camera", sampleCamera, "--out", "out", "--start", "2026-01-01T12:00:00"];
    expect(await runCli(["replay", "clip.mp4", ...zoneless], { cwd, env })).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining("--start: give a date and time with its zone"),
    });
    expect(await runCli(["replay", "clip.mp4", "--out", "out"], { cwd, env })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("--camera"),
    });
  });
});
