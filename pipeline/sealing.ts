import { join } from "node:path";
import type { HealthSpan } from "./domain/health/kinds.ts";
import type { Log } from "./domain/ports.ts";
import type { Camera, Candidate } from "./domain/types.ts";
import type { BundleInput } from "./evidence/bundle-input.ts";
import { type WrittenBundle, writeBundle } from "./evidence/bundle-writer.ts";
import { type ChainStore, openChainStore } from "./evidence/chain.ts";
import { clipWindow } from "./evidence/clip-window.ts";
import { openSiteKey, readKeyList } from "./evidence/key-folder.ts";
import { ClipMaskError } from "./evidence/masking/errors.ts";
import type { SealAlgorithm, SiteKey } from "./evidence/site-key.ts";
import { recordedMoments } from "./key-moments.ts";
import { type MaskClipOrder, type MaskedClip, maskClip } from "./mask-clip.ts";
import { blackOutClip } from "./media/black-out.ts";
import { cutClip } from "./media/clip-cutter.ts";
import { memoryFolder } from "./media/memory-folder.ts";
import { grabPictures } from "./media/picture-grabber.ts";
import type { Probe } from "./media/probe.ts";
import type { Recording } from "./media/recording.ts";
import { type SealingModelOptions, SealingModels } from "./sealing-models.ts";

/** The masked copy of a clip shows what stood there; what moved is in the original. */
const MASKED_FPS = 2;

/** What one installation seals with: its key and the chains of its cameras. */
export interface SealingDesk {
  readonly chain: ChainStore;
  /** Bundles appear here, whole. */
  readonly bundlesDir: string;
  /** Pictures of cameras with privacy masks lie here until they are masked; checked when one is used. */
  readonly memoryDir: string;
  /** The key in use, asked for each time: it may have been changed. */
  siteKey(): Promise<SiteKey>;
  /** Public halves (PEM) of every key there ever was, oldest first. */
  siteKeys(): Promise<string[]>;
  /** What looks at the pictures. */
  readonly models: Pick<SealingModels, "lend">;
  close(): Promise<void>;
}

/** Where an installation keeps what sealing needs. */
export interface SealingPlaces {
  readonly keysDir: string;
  readonly chainDir: string;
  readonly bundlesDir: string;
  readonly memoryDir: string;
}

/** Opens the key (made on first use) and the chains, and settles what a crash left open. */
export async function openSealingDesk(
  { keysDir, chainDir, bundlesDir, memoryDir }: SealingPlaces,
  options: SealingModelOptions & { readonly algorithm?: SealAlgorithm },
): Promise<SealingDesk> {
  const chain = openChainStore(chainDir, bundlesDir);
  const { algorithm = "Ed25519" } = options;
  const siteKey = () => openSiteKey(keysDir, { algorithm });
  await siteKey();
  await chain.recover();
  const siteKeys = async () => (await readKeyList(keysDir))?.keys.map(({ publicKey }) => publicKey) ?? [];
  const models = new SealingModels(options);
  return { chain, bundlesDir, memoryDir, siteKey, siteKeys, models, close: () => models.close() };
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
  readonly clock: BundleInput["clock"];
  readonly legalBasisIds: readonly string[];
  /** Stretches of the stay in which the camera saw nothing, undefined where nobody can say; asked once the recording is there. */
  readonly findGaps?: () => Promise<readonly HealthSpan[] | undefined>;
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
  const siteKey = await desk.siteKey();
  const siteKeys = await desk.siteKeys();
  const isMasked = camera.privacyMasks.length > 0;
  const scratchDir = isMasked ? await memoryFolder(desk.memoryDir) : desk.bundlesDir;
  return desk.models.lend(camera.analysis.model, ({ masking, plateReader }) =>
    desk.chain.append(camera.id, candidate.candidateId, (chain) =>
      writeBundle({
        candidate,
        camera,
        model: { ...request.model, minScore: ruleOf(camera, candidate).minScore },
        software: request.software,
        clock: request.clock,
        legalBasisIds: request.legalBasisIds,
        ...(gaps === undefined ? {} : { gaps }),
        sources: {
          grabStills: (ptsSecs, dir) =>
            grabPictures({ ffmpegPath, from: recording, probe, ptsSecs, dir, signal: unhurried }),
          cutClip: (startSec, endSec, outPathWithoutExt) =>
            cutClip({ ffmpegPath, from: recording, codec: probe.codec, startSec, endSec, outPathWithoutExt }),
          blackOut: (clipPath, polygons, outPathWithoutExt) =>
            blackOutClip({ ffmpegPath, clipPath, probe, polygons, outPathWithoutExt, signal: unhurried }),
          maskClip: (order) =>
            maskUntilEnd({ ...order, ffmpegPath, probe, fps: MASKED_FPS, signal: request.signal }),
        },
        masking,
        plateReader,
        siteKey,
        siteKeys,
        chain,
        outDir: desk.bundlesDir,
        scratchDir,
        createdAt: request.createdAt,
        log: request.log,
      }),
    ),
  );
}

/** Masking a clip takes longer than a program may take to end: the bundle is finished without the copy then. */
async function maskUntilEnd(order: MaskClipOrder): Promise<MaskedClip> {
  try {
    return await maskClip(order);
  } catch (cause) {
    if (!order.signal.aborted) throw cause;
    throw new ClipMaskError("The program ends, or nobody watches the camera any more.", { cause });
  }
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
export function sealingPaths(dataDir: string, memoryDir: string): SealingPlaces {
  return {
    keysDir: join(dataDir, "keys"),
    chainDir: join(dataDir, "chains"),
    bundlesDir: join(dataDir, "spool"),
    memoryDir,
  };
}
