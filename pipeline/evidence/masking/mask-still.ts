import { AppError } from "../../domain/errors.ts";
import { hideAllBut } from "./all-but-subject.ts";
import { besidesSubject } from "./besides-subject.ts";
import { findPrivate } from "./find-private.ts";
import type { Finder, MaskingDetectors, RgbPicture } from "./finder.ts";
import { maskRegions } from "./mask-regions.ts";
import type { MaskSubject } from "./mask-subject.ts";
import type { PrivateRegion } from "./private-region.ts";

/** A model that looked, as the manifest names it. */
export interface UsedDetector {
  readonly id: string;
  /** Of the model's file, lower-case hex. */
  readonly sha256: string;
  readonly minScore: number;
}

/** How a copy came to hide what it hides. */
export interface MaskingFacts {
  /** `private_regions`: what the detectors found. `all_but_subject`: everything around the subject, unlooked at. */
  readonly mode: "private_regions" | "all_but_subject";
  /** Why nothing was looked for; null where it was. */
  readonly reason: string | null;
  /** Those that looked; empty where nothing was looked for. */
  readonly detectors: readonly UsedDetector[];
}

export interface MaskedStill extends MaskingFacts {
  readonly picture: RgbPicture;
  /** What was found and hidden. */
  readonly regions: readonly PrivateRegion[];
}

/**
 * Hides everything private in a picture. Without detectors, or when one fails, everything but the subject is hidden:
 * when in doubt, more.
 */
export async function maskStill(
  picture: RgbPicture,
  subject: MaskSubject,
  detectors: MaskingDetectors | null,
): Promise<MaskedStill> {
  if (detectors === null) return allHidden(picture, subject, "no detectors are open");
  try {
    const layers = besidesSubject(await findPrivate(picture, detectors), subject, picture.size);
    return {
      mode: "private_regions",
      reason: null,
      detectors: usedDetectors(detectors),
      picture: maskRegions(picture, layers, subject),
      regions: [...layers.behind, ...layers.above],
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return allHidden(picture, subject, `${error.code}: ${error.message}`);
  }
}

/** Who looks, for the manifest. */
export function usedDetectors({ objects, faces, plates }: MaskingDetectors): UsedDetector[] {
  const finders: Finder[] = plates === null ? [objects, faces] : [objects, faces, plates];
  return finders.map(({ modelId, modelSha256, minScore }) => ({
    id: modelId,
    sha256: modelSha256,
    minScore,
  }));
}

function allHidden(picture: RgbPicture, subject: MaskSubject, reason: string): MaskedStill {
  return {
    mode: "all_but_subject",
    reason,
    detectors: [],
    picture: hideAllBut(picture, subject),
    regions: [],
  };
}
