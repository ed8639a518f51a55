import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, onTestFinished } from "vitest";
import type { Log } from "../../domain/ports.ts";
import type { Box, Camera, Candidate, Sighting } from "../../domain/types.ts";
import type { BundleInput, BundleSources } from "../bundle-input.ts";
import { generatePrivateKey, type SealAlgorithm, type SiteKey, siteKeyFromPem } from "../site-key.ts";

/** 2026-01-01 12:00:00 +08:00 is the first frame of the stream. */
export const STREAM_START = Date.UTC(2026, 0, 1, 4, 0, 0);
export const PICTURE = { width: 640, height: 360 };
export const SUBJECT: Box = [0.4, 0.5, 0.6, 0.8];

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A folder for a whole test file, gone after it. */
export async function tempDirForFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "forewarn-evidence-"));
  afterAll(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A folder of its own, gone after the test. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "forewarn-evidence-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export function newSiteKey(algorithm: SealAlgorithm = "Ed25519"): SiteKey {
  return siteKeyFromPem(generatePrivateKey(algorithm), "test key");
}

export function makeCamera(changes: Partial<Camera> = {}): Camera {
  return {
    id: "cam-001",
    name: "人民南路二段 12 号门前",
    region: "510107",
    location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
    source: { url: "rtsp://admin:hunter2@10.0.0.9/live", transport: "tcp", pace: "live", loop: false },
    analysis: { model: "default", fps: 2, watch: "full" },
    privacyMasks: [],
    zones: [
      {
        id: "pavement",
        name: "人行道",
        polygon: [
          [0.1, 0.4],
          [0.9, 0.4],
          [0.9, 0.95],
          [0.1, 0.95],
        ],
      },
    ],
    rules: [
      {
        id: "pavement-parking",
        violation: "vehicle_sidewalk",
        zone: "pavement",
        labels: ["car", "truck"],
        minScore: 0.35,
        dwellSeconds: 60,
        stationary: true,
        minCount: 1,
        graceSeconds: 600,
        schedule: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 360, toMinute: 1320 }],
        effectiveFrom: "2026-01-01",
      },
    ],
    ...changes,
  };
}

function sighting(ptsSec: number, score: number): Sighting {
  return { at: { capturedAt: STREAM_START + ptsSec * 1000, ptsSec }, box: SUBJECT, score };
}

export function makeCandidate(changes: Partial<Candidate> = {}): Candidate {
  const at = (ptsSec: number) => ({ capturedAt: STREAM_START + ptsSec * 1000, ptsSec });
  return {
    candidateId: "cnd_0001",
    cameraId: "cam-001",
    ruleId: "pavement-parking",
    zoneId: "pavement",
    violation: "vehicle_sidewalk",
    trackIds: ["t1", "t4"],
    label: "car",
    score: 0.83,
    startedAt: at(12.4),
    triggeredAt: at(77.4),
    endedAt: null,
    dwellMs: 60_000,
    unobservedMs: 5_000,
    box: SUBJECT,
    ledger: [
      { kind: "observed", from: at(12.4).capturedAt, to: at(40).capturedAt },
      { kind: "unobserved", from: at(40).capturedAt, to: at(45).capturedAt },
      { kind: "observed", from: at(45).capturedAt, to: at(77.4).capturedAt },
    ],
    keySightings: { first: sighting(12.4, 0.7), middle: sighting(45, 0.8), trigger: sighting(77.4, 0.83) },
    zoneVersion: "z1a2b3",
    ruleVersion: "r4d5e6",
    ...changes,
  };
}

/** Every pixel differs from its neighbours, so that hiding something can be measured. */
export function noisePicture(size = PICTURE): { data: Buffer; info: { width: number; height: number } } {
  const data = Buffer.alloc(size.width * size.height * 3);
  let state = 1;
  for (let index = 0; index < data.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[index] = 60 + (state >>> 24) / 2;
  }
  return { data, info: size };
}

/** A recording that answers with noise pictures and a small file of bytes in place of a clip. */
export function fakeSources(changes: Partial<BundleSources> = {}): BundleSources {
  return {
    grabStills: async (ptsSecs, dir) => {
      const pictures = [];
      for (const ptsSec of ptsSecs) {
        const path = join(dir, `at-${ptsSec}.jpg`);
        const { data, info } = noisePicture();
        await sharp(data, { raw: { ...info, channels: 3 } })
          .jpeg({ quality: 92 })
          .toFile(path);
        pictures.push({ path, ptsSec });
      }
      return pictures;
    },
    cutClip: async (startSec, endSec, outPathWithoutExt) => {
      const path = `${outPathWithoutExt}.mp4`;
      await writeFile(path, Buffer.alloc(4096, 0xa5));
      return { path, startSec, endSec, codec: "h264" };
    },
    blackOut: async (_clipPath, _polygons, outPathWithoutExt) => {
      const path = `${outPathWithoutExt}.mp4`;
      await writeFile(path, Buffer.alloc(2048, 0x5a));
      return { path, codec: "h264" };
    },
    maskClip: async ({ outPath }) => {
      await writeFile(outPath, Buffer.alloc(1024, 0x3c));
      return {
        mode: "private_regions",
        reason: null,
        detectors: [],
        hidden: { face: 3, head: 2, person: 0, plate: 0, vehicle: 1 },
      };
    },
    ...changes,
  };
}

export async function makeInput(changes: Partial<BundleInput> = {}): Promise<BundleInput> {
  const siteKey = changes.siteKey ?? newSiteKey();
  const outDir = changes.outDir ?? (await tempDir());
  return {
    candidate: makeCandidate(),
    camera: makeCamera(),
    model: { id: "yolox-nano", sha256: "ab".repeat(32), minScore: 0.35 },
    software: { name: "forewarn", version: "0.1.0" },
    clock: { source: "system", offsetMs: 12, uncertaintyMs: 3 },
    legalBasisIds: ["道路交通安全法-56", "道路交通安全法-93"],
    sources: fakeSources(),
    masking: null,
    plateReader: null,
    siteKey,
    siteKeys: [siteKey.publicKeyPem],
    chain: { sequence: 1, previousManifestSha256: null },
    outDir,
    scratchDir: outDir,
    createdAt: STREAM_START + 90_000,
    log: silentLog,
    ...changes,
  };
}
