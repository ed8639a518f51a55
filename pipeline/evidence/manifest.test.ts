import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import { BundleInputError } from "./errors.ts";
import { type BundleParts, buildManifest } from "./manifest.ts";
import { manifestSchema } from "./manifest-schema.ts";
import { makeCamera, makeCandidate, makeInput } from "./testing/bundle-fixture.ts";

const file = (path: string, derivedFrom: string | null) => ({
  path,
  derivedFrom,
  sha256: "0".repeat(64),
  sm3: "1".repeat(64),
  sizeBytes: 1,
  role: "wide" as const,
  mediaType: "image/jpeg",
});
const frame = (role: "first" | "middle" | "trigger") => ({
  role,
  file: "originals/still.jpg",
  ptsSec: 1,
  capturedAt: "2026-01-01T04:00:00.000Z",
  clockOffsetMs: null,
  sightingPtsSec: 1,
  box: [0, 0, 1, 1] as [number, number, number, number],
  score: 0.5,
  encoding: "as_grabbed" as const,
});
const parts: BundleParts = {
  frames: [frame("first"), frame("middle"), frame("trigger")],
  clip: {
    file: "originals/clip.mp4",
    codec: "h264",
    encoding: "stream_copied",
    startSec: 0,
    endSec: 30,
    startAt: "2026-01-01T04:00:00.000Z",
    endAt: "2026-01-01T04:00:30.000Z",
    beforeTriggerSec: 10,
    afterTriggerSec: 20,
  },
  capture: {
    grade: "lead",
    shortfalls: [{ fault: "clock_not_measured", wanted: 1000, found: null }],
    widthPx: 1920,
    heightPx: 1080,
  },
  plate: null,
  masks: { copies: "all_but_subject", detectors: [], hidden: [] },
  files: [
    file("originals/still.jpg", null),
    file("originals/clip.mp4", null),
    file("masked/still.jpg", "originals/still.jpg"),
  ],
};

describe("buildManifest", () => {
  it("is the same bytes for the same input, whatever order the fields came in", async () => {
    const input = await makeInput({ outDir: "unused" });
    const shuffled = Object.fromEntries(Object.entries(input).reverse()) as unknown as typeof input;
    const once = canonicalBytes(buildManifest(input, parts));
    expect(canonicalBytes(buildManifest(shuffled, parts)).equals(once)).toBe(true);
    expect(canonicalBytes(JSON.parse(once.toString("utf8"))).equals(once)).toBe(true);
  });

  it("says nothing about the camera's stream: no address, no password", async () => {
    const text = JSON.stringify(buildManifest(await makeInput({ outDir: "unused" }), parts));
    for (const secret of ["rtsp", "hunter2", "admin", "10.0.0.9", "url"]) expect(text).not.toContain(secret);
  });

  it("keeps the ledger with its gap, and what was and was not masked", async () => {
    const manifest = buildManifest(await makeInput({ outDir: "unused" }), parts);
    expect(manifest.ledger[1]).toEqual({
      kind: "unobserved",
      from: "2026-01-01T04:00:40.000Z",
      to: "2026-01-01T04:00:45.000Z",
      durationMs: 5000,
    });
    expect(manifest.masks).toMatchObject({ copies: "all_but_subject", privacy: { state: "none" } });
    expect(manifest.notIncluded).toContain("operator");
    expect(manifest.proof.method).toContain("只作线索使用");
    expect(manifest.proof.method).toContain("以 Ed25519 数字签名封存");
    expect(manifest.proof.object).toContain("60.0 秒，另有 5.0 秒未能观察");
    expect(manifest.proof.object).toContain("2026-01-01 12:01:17 +08:00");
  });

  it("refuses a candidate of another camera, zone or rule, and ids that cannot name a folder", async () => {
    const build = async (changes: Partial<Parameters<typeof makeInput>[0]>) =>
      buildManifest(await makeInput({ outDir: "unused", ...changes }), parts);
    await expect(build({ camera: makeCamera({ id: "cam-002" }) })).rejects.toThrow(BundleInputError);
    await expect(build({ camera: makeCamera({ zones: [] }) })).rejects.toThrow('no zone "pavement"');
    await expect(build({ camera: makeCamera({ rules: [] }) })).rejects.toThrow('no rule "pavement-parking"');
    await expect(build({ candidate: makeCandidate({ candidateId: "../up" }) })).rejects.toThrow(
      "cannot name",
    );
  });

  it("refuses numbers that JSON cannot hold", async () => {
    const input = await makeInput({ outDir: "unused", candidate: makeCandidate({ score: Number.NaN }) });
    expect(() => buildManifest(input, parts)).toThrow(BundleInputError);
  });
});

describe("manifestSchema", () => {
  it("refuses files and links that do not belong together", async () => {
    const manifest = buildManifest(await makeInput({ outDir: "unused" }), parts);
    const faults = [
      { ...manifest, files: [...manifest.files, ...manifest.files] },
      { ...manifest, files: manifest.files.slice(0, 1) },
      { ...manifest, files: [{ ...manifest.files[0], path: "originals/../x.jpg" }] },
      { ...manifest, sequence: 2 },
      { ...manifest, previousManifestSha256: "0".repeat(64) },
      { ...manifest, bundleId: "another" },
      { ...manifest, surplus: 1 },
    ];
    for (const fault of faults) expect(manifestSchema.safeParse(fault).success).toBe(false);
  });
});
