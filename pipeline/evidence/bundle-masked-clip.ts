import { join } from "node:path";
import type { Sighting } from "../domain/types.ts";
import { type BundleInput, type MaskedClipFacts, partsInForce } from "./bundle-input.ts";
import { copyLines } from "./copy-lines.ts";
import { describeFile } from "./describe-file.ts";
import { syncPath } from "./durable-fs.ts";
import type { ManifestClip, ManifestFile, ManifestMasks } from "./manifest-schema.ts";
import { ClipMaskError } from "./masking/errors.ts";
import type { MaskingDetectors } from "./masking/finder.ts";
import type { MaskingFacts } from "./masking/mask-still.ts";

const MASKED_CLIP = "masked/clip.mp4";
/** So long before and after the trigger (domain B.3). The original shows the stay. */
const MARGIN_SEC = 10;

/** The masked copy of the clip, and how much it hides. */
export interface MaskedClipFile {
  readonly file: ManifestFile;
  readonly mode: MaskingFacts["mode"];
  readonly hidden: ManifestMasks["hidden"][number];
}

/**
 * Writes the copy of the clip that people outside may see. None where nobody can look for faces: a clip with everything hidden
 * would show nothing. None either where it cannot be made: the evidence is worth more than its copy, and the original
 * stays behind a grant.
 *
 * @throws DiskFullError, and what ends the work
 */
export async function writeMaskedClip(
  draft: string,
  clip: ManifestClip,
  input: BundleInput,
): Promise<MaskedClipFile | null> {
  const { masking, log } = input;
  const { candidateId } = input.candidate;
  if (masking === null) return null;
  const facts = await maskClip(draft, clip, input, masking);
  if (facts === null) return null;
  const { hidden, mode, reason } = facts;
  await syncPath(join(draft, MASKED_CLIP));
  if (reason === null) log.debug({ candidateId, hidden }, "clip masked");
  else log.warn({ candidateId, reason }, "frames of the masked clip are hidden whole");
  return {
    file: await describeFile(draft, MASKED_CLIP, "clip", "video/mp4", clip.file),
    mode,
    hidden: { file: MASKED_CLIP, ...hidden },
  };
}

async function maskClip(
  draft: string,
  clip: ManifestClip,
  input: BundleInput,
  detectors: MaskingDetectors,
): Promise<MaskedClipFacts | null> {
  const { candidate, camera, sources, log } = input;
  const { candidateId: bundleId, label, keySightings } = candidate;
  const { first, middle, trigger } = keySightings;
  const { zone } = partsInForce(input);
  const startAt = Date.parse(clip.startAt);
  try {
    return await sources.maskClip({
      clipPath: join(draft, clip.file),
      fromSec: Math.max(0, clip.beforeTriggerSec - MARGIN_SEC),
      toSec: Math.min(clip.endSec - clip.startSec, clip.beforeTriggerSec + MARGIN_SEC),
      detectors,
      subjectAt: (clipSec) => {
        const sighting = nearestSighting([first, middle, trigger], clip.startSec + clipSec);
        // Before it was first seen it was a vehicle like others.
        return sighting === null ? null : { box: sighting.box, label };
      },
      linesAt: (clipSec) => copyLines({ capturedAt: startAt + clipSec * 1000, camera, zone, bundleId }),
      outPath: join(draft, MASKED_CLIP),
    });
  } catch (err) {
    if (!(err instanceof ClipMaskError)) throw err;
    log.error(
      { err, candidateId: bundleId },
      "the clip has no masked copy: its original takes a grant to see",
    );
    return null;
  }
}

/** Null before the first of them. */
function nearestSighting(sightings: readonly Sighting[], ptsSec: number): Sighting | null {
  const first = sightings[0];
  if (first === undefined || ptsSec < first.at.ptsSec) return null;
  return sightings.reduce((nearest, sighting) =>
    Math.abs(sighting.at.ptsSec - ptsSec) < Math.abs(nearest.at.ptsSec - ptsSec) ? sighting : nearest,
  );
}
