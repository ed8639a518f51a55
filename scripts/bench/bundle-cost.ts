import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleInput } from "../../pipeline/evidence/bundle-input.ts";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { grabPictures } from "../../pipeline/media/picture-grabber.ts";
import { openSealingDesk, type SealingDesk, sealingPaths } from "../../pipeline/sealing.ts";
import { packageRoot, softwareName, softwareVersion } from "../../runtime/version.ts";
import { benchCamera } from "./bench-camera.ts";
import { type ClipFacts, candidateOf, sealFromClip } from "./bench-candidate.ts";
import { BenchStepError } from "./errors.ts";
import { treeUse } from "./process-tree.ts";

export interface BundleCostRequest extends ClipFacts {
  readonly folder: string;
  readonly bundles: number;
  readonly modelsDir: string;
  readonly executionProviders: readonly string[];
}

/** What one bundle cost. CPU of the whole process tree, in milliseconds. */
export interface BundleCost {
  /** Stills, clip, hashes and signature; copies hide all but the subject. */
  readonly sealCpuMs: number;
  /** On top of that: looking for faces, heads and plates in stills and clip, masking them, reading the plate. */
  readonly maskCpuMs: number;
  readonly sizeBytes: number;
  /** Checking one of 50 MB. */
  readonly verifyCpuMs: number;
  readonly verifyWallMs: number;
}

const BIG_BYTES = 50_000_000;

/** Seals and checks bundles in a folder of its own, with and without masking in turn. */
export async function measureBundles(request: BundleCostRequest): Promise<BundleCost[]> {
  const dataDir = await mkdtemp(join(request.folder, "bundles-"));
  // Masks are for cameras that have some: this one has none.
  const desk = await openSealingDesk(sealingPaths(dataDir, dataDir), { ...request, packageRoot });
  const plain: SealingDesk = {
    ...desk,
    models: { lend: (_modelId, work) => work({ masking: null, plateReader: null }) },
  };
  try {
    const camera = benchCamera(
      "bench",
      { url: request.clip, transport: "tcp", pace: "fast", loop: false },
      { model: "default", fps: 1, watch: "full" },
    );
    const { durationSec } = request.probe;
    const seal = async (by: SealingDesk, number: number) => {
      const before = treeUse().cpuMs;
      const { manifest } = await sealFromClip(
        request,
        by,
        camera,
        candidateOf(camera, number, durationSec ?? 0),
      );
      const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
      return { cpuMs: treeUse().cpuMs - before, sizeBytes };
    };
    // The first opens the models.
    await seal(desk, 0);
    const big = await writeBigBundle(request, desk, camera, join(dataDir, "big"));
    const costs: BundleCost[] = [];
    for (let number = 1; number <= request.bundles; number++) {
      const without = await seal(plain, 2 * number);
      const masked = await seal(desk, 2 * number + 1);
      costs.push({
        sealCpuMs: without.cpuMs,
        maskCpuMs: masked.cpuMs - without.cpuMs,
        sizeBytes: masked.sizeBytes,
        ...(await timeVerifying(big)),
      });
    }
    return costs;
  } finally {
    await desk.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function timeVerifying(dir: string) {
  const before = treeUse().cpuMs;
  const begun = performance.now();
  const { ok } = await verifyBundle(dir);
  if (!ok) throw new BenchStepError("a bundle that was just sealed does not verify.");
  return { verifyCpuMs: treeUse().cpuMs - before, verifyWallMs: performance.now() - begun };
}

/** A sealed bundle like any other, with a clip as long as a busy street's. */
async function writeBigBundle(
  { ffmpegPath, clip, probe, log }: BundleCostRequest,
  desk: SealingDesk,
  camera: BundleInput["camera"],
  outDir: string,
): Promise<string> {
  const recording = { kind: "file", url: clip } as const;
  const { signal } = new AbortController();
  const { dir } = await writeBundle({
    candidate: candidateOf(camera, 1, probe.durationSec ?? 0),
    camera,
    model: { id: "bench", sha256: "0".repeat(64), minScore: 0 },
    software: { name: softwareName, version: softwareVersion },
    clock: { source: "clip_start", offsetMs: null, uncertaintyMs: null },
    legalBasisIds: [],
    sources: {
      grabStills: (ptsSecs, dir) =>
        grabPictures({ ffmpegPath, from: recording, probe, ptsSecs, dir, signal }),
      cutClip: async (startSec, endSec, path) => {
        await writeFile(`${path}.mp4`, randomBytes(BIG_BYTES));
        return { path: `${path}.mp4`, startSec, endSec, codec: "h264" };
      },
      blackOut: () => Promise.reject(new Error("this camera has no masks")),
      maskClip: () => Promise.reject(new Error("nobody looks for faces here")),
    },
    masking: null,
    plateReader: null,
    siteKey: await desk.siteKey(),
    siteKeys: await desk.siteKeys(),
    chain: { sequence: 1, previousManifestSha256: null },
    outDir,
    scratchDir: outDir,
    createdAt: Date.now(),
    log,
  });
  return dir;
}
