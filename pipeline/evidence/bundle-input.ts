import type { HealthSpan } from "../domain/health/kinds.ts";
import type { Log } from "../domain/ports.ts";
import type { Camera, Candidate, EpochMs, Rule, Zone } from "../domain/types.ts";
import { BundleInputError } from "./errors.ts";
import { bundleIdSchema, type ChainLink } from "./manifest-schema.ts";
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
}

/** Everything that goes into one bundle. */
export interface BundleInput {
  readonly candidate: Candidate;
  readonly camera: Camera;
  readonly model: { readonly id: string; readonly sha256: string; readonly minScore: number };
  readonly software: { readonly name: string; readonly version: string };
  /** Where the wall time of the frames comes from (`ntp`, `clip_start`, `system`) and how far it was off, if measured. */
  readonly clock: { readonly source: string; readonly offsetMs: number | null };
  /** Stretches of the stay in which the camera saw nothing; left out where nobody kept account of it. */
  readonly gaps?: readonly HealthSpan[];
  /** Ids of the legal basis, from the violation catalogue and the law registry. */
  readonly legalBasisIds: readonly string[];
  readonly sources: BundleSources;
  readonly siteKey: SiteKey;
  readonly chain: ChainLink;
  /** The bundle becomes `outDir/‹candidateId›/`. */
  readonly outDir: string;
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
