import type { HealthSpan } from "../domain/health/kinds.ts";
import type { Log } from "../domain/ports.ts";
import type { Camera, Candidate, EpochMs, Polygon, Rule, Zone } from "../domain/types.ts";
import { BundleInputError } from "./errors.ts";
import { bundleIdSchema, type ChainLink } from "./manifest-schema.ts";
import type { MaskingDetectors } from "./masking/finder.ts";
import type { MaskingFacts } from "./masking/mask-still.ts";
import type { MaskSubject } from "./masking/mask-subject.ts";
import type { PrivateKind } from "./masking/private-region.ts";
import type { PlateReader } from "./plate/plate-reader.ts";
import type { SiteKey } from "./site-key.ts";

/** What the recording gives to a bundle. Filled in by whoever has the recording: a ring of segments or a clip. */
export interface BundleSources {
  /**
   * Full-resolution pictures (JPEG or PNG) at these stream times, written into `dir`.
   * Answers in the order asked, one for each; `ptsSec` is that of the picture it found.
   */
  grabStills(ptsSecs: readonly number[], dir: string): Promise<{ path: string; ptsSec: number }[]>;
  /**
   * Stream-copied clip written to `outPathWithoutExt` + the container's extension. Where the recording starts
   * later or ends earlier, what there is; `startSec` and `endSec` say so.
   */
  cutClip(
    startSec: number,
    endSec: number,
    outPathWithoutExt: string,
  ): Promise<{ path: string; startSec: number; endSec: number; codec: string }>;
  /** The clip coded anew with the polygons black in every frame, and nothing else of it changed. */
  blackOut(
    clipPath: string,
    polygons: readonly Polygon[],
    outPathWithoutExt: string,
  ): Promise<{ path: string; codec: string }>;
  /**
   * A copy of the clip for anyone outside, every frame masked.
   *
   * @throws ClipMaskError when there can be none of this clip, DiskFullError
   */
  maskClip(order: MaskedClipOrder): Promise<MaskedClipFacts>;
}

/** What the masked copy of a clip is made from. Times are seconds from the clip's first frame. */
export interface MaskedClipOrder {
  readonly clipPath: string;
  /** The stretch of it to copy, in seconds after its first frame: masking costs, and a copy need not show a whole stay. */
  readonly fromSec: number;
  readonly toSec: number;
  readonly detectors: MaskingDetectors;
  /** Where the subject was seen around a time; null: nowhere yet. */
  readonly subjectAt: (clipSec: number) => MaskSubject | null;
  /** What is written below the picture; the lines change with the time, not in number. */
  readonly linesAt: (clipSec: number) => readonly string[];
  readonly outPath: string;
}

/** What is to be known of the masked copy. */
export interface MaskedClipFacts extends MaskingFacts {
  /** What was found and hidden, of all frames together. */
  readonly hidden: Readonly<Record<PrivateKind, number>>;
}

/** Everything that goes into one bundle. */
export interface BundleInput {
  readonly candidate: Candidate;
  readonly camera: Camera;
  readonly model: { readonly id: string; readonly sha256: string; readonly minScore: number };
  readonly software: { readonly name: string; readonly version: string };
  /** Where the wall time of the frames comes from (`system`, `clip_start`) and how far it was off, if measured. */
  readonly clock: {
    readonly source: string;
    readonly offsetMs: number | null;
    readonly uncertaintyMs: number | null;
  };
  /** Stretches of the stay in which the camera saw nothing; left out where nobody kept account of it. */
  readonly gaps?: readonly HealthSpan[];
  /** Ids of the legal basis, from the violation catalogue and the law registry. */
  readonly legalBasisIds: readonly string[];
  readonly sources: BundleSources;
  /** Who looks for faces, heads and plates; null where there is none: then copies hide all but the subject. */
  readonly masking: MaskingDetectors | null;
  /** Null where there is none: then no plate is suggested. */
  readonly plateReader: PlateReader | null;
  readonly siteKey: SiteKey;
  /** Public keys (SPKI, PEM) the site has ever sealed with: by one of them a bundle that is there already is sealed. */
  readonly siteKeys: readonly string[];
  readonly chain: ChainLink;
  /** The bundle becomes `outDir/‹candidateId›/`. */
  readonly outDir: string;
  /** Pictures as they came lie here until they are masked: memory, for a camera with privacy masks. */
  readonly scratchDir: string;
  /** Goes into the manifest and the seal as the time of making. */
  readonly createdAt: EpochMs;
  readonly log: Log;
}

/** The rule and the zone the candidate is about. @throws BundleInputError */
export function partsInForce(input: Pick<BundleInput, "candidate" | "camera">): { rule: Rule; zone: Zone } {
  const { candidate, camera } = input;
  if (!bundleIdSchema.safeParse(candidate.candidateId).success)
    throw new BundleInputError(
      `Candidate id "${candidate.candidateId}" cannot name a folder: use letters, digits, ".", "_" and "-", 128 at most.`,
    );
  if (candidate.cameraId !== camera.id)
    throw new BundleInputError(
      `Candidate ${candidate.candidateId} is of camera ${candidate.cameraId}, but camera ${camera.id} was given.`,
    );
  const rule = camera.rules.find((entry) => entry.id === candidate.ruleId);
  const zone = camera.zones.find((entry) => entry.id === candidate.zoneId);
  if (rule === undefined || zone === undefined)
    throw new BundleInputError(
      `Camera ${camera.id} has no ${rule === undefined ? `rule "${candidate.ruleId}"` : `zone "${candidate.zoneId}"`}, ` +
        `which candidate ${candidate.candidateId} names: pass the camera as it was when the candidate triggered.`,
    );
  return { rule, zone };
}
