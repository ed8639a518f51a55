import { join } from "node:path";
import type { HealthSpan } from "./domain/health/kinds.ts";
import type { Log } from "./domain/ports.ts";
import type { Camera, Candidate } from "./domain/types.ts";
import { type WrittenBundle, writeBundle } from "./evidence/bundle-writer.ts";
import { type ChainStore, openChainStore } from "./evidence/chain.ts";
import { clipWindow } from "./evidence/clip-window.ts";
import { loadOrCreateSiteKey, type SiteKey } from "./evidence/site-key.ts";
import { recordedMoments } from "./key-moments.ts";
import { cutClip } from "./media/clip-cutter.ts";
import { grabPictures } from "./media/picture-grabber.ts";
import type { Probe } from "./media/probe.ts";
import type { Recording } from "./media/recording.ts";

/** What one installation seals with: its key and the chains of its cameras. */
export interface SealingDesk {
  readonly siteKey: SiteKey;
  readonly chain: ChainStore;
  /** Bundles appear here, whole. */
  readonly bundlesDir: string;
}

/** Opens the key (made on first use) and the chains, and settles what a crash left open. */
export async function openSealingDesk(options: {
  keysDir: string;
  chainDir: string;
  bundlesDir: string;
}): Promise<SealingDesk> {
  const siteKey = await loadOrCreateSiteKey(options.keysDir);
  const chain = openChainStore(options.chainDir, options.bundlesDir);
  await chain.recover();
  return { siteKey, chain, bundlesDir: options.bundlesDir };
}

export interface SealRequest {
  readonly desk: SealingDesk;
  readonly candidate: Candidate;
  readonly camera: Camera;
  readonly probe: Probe;
  readonly recording: Recording;
  readonly ffmpegPath: string;
  readonly model: { readonly id: string; readonly sha256: string };
  readonly software: { readonly name: string; readonly version: string };
  readonly clockSource: "clip_start" | "system";
  readonly legalBasisIds: readonly string[];
  /** Stretches of the stay in which the camera saw nothing; asked once the recording is there. */
  readonly findGaps?: () => Promise<readonly HealthSpan[]>;
  readonly createdAt: number;
  /** Ends the waiting for the clip's last seconds; the bundle then holds what there is. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A candidate becomes a sealed bundle, as the next in its camera's chain. */
export async function sealCandidate(request: SealRequest): Promise<WrittenBundle> {
  const { desk, camera, probe, recording, ffmpegPath } = request;
  if (recording.kind === "ring")
    await recording.ring.waitUntil(clipWindow(request.candidate).endSec, request.signal);
  const candidate = withinRecording(request.candidate, recording);
  const gaps = await request.findGaps?.();
  // Only the waiting ends with the program: a bundle that was begun is finished.
  const unhurried = new AbortController().signal;
  return desk.chain.append(camera.id, candidate.candidateId, (chain) =>
    writeBundle({
      candidate,
      camera,
      model: { ...request.model, minScore: ruleOf(camera, candidate).minScore },
      software: request.software,
      clock: { source: request.clockSource, offsetMs: null },
      legalBasisIds: request.legalBasisIds,
      ...(gaps === undefined ? {} : { gaps }),
      sources: {
        grabStills: (ptsSecs, dir) =>
          grabPictures({ ffmpegPath, from: recording, probe, ptsSecs, dir, signal: unhurried }),
        cutClip: (startSec, endSec, outPathWithoutExt) =>
          cutClip({ ffmpegPath, from: recording, codec: probe.codec, startSec, endSec, outPathWithoutExt }),
      },
      siteKey: desk.siteKey,
      chain,
      outDir: desk.bundlesDir,
      createdAt: request.createdAt,
      log: request.log,
    }),
  );
}

function withinRecording(candidate: Candidate, recording: Recording): Candidate {
  if (recording.kind === "file") return candidate;
  const from = recording.ring.segments[0]?.startSec;
  return from === undefined ? candidate : { ...candidate, keySightings: recordedMoments(candidate, from) };
}

function ruleOf(camera: Camera, candidate: Candidate) {
  const rule = camera.rules.find(({ id }) => id === candidate.ruleId);
  if (!rule)
    throw new Error(
      `candidate ${candidate.candidateId} names rule ${candidate.ruleId}, which camera ${camera.id} lacks`,
    );
  return rule;
}

/** Where an installation keeps keys, chains and the spool below its data folder. */
export function sealingPaths(dataDir: string): { keysDir: string; chainDir: string; bundlesDir: string } {
  return {
    keysDir: join(dataDir, "keys"),
    chainDir: join(dataDir, "chains"),
    bundlesDir: join(dataDir, "spool"),
  };
}
