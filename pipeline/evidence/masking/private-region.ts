import type { Box } from "../../domain/types.ts";

export const PRIVATE_KINDS = ["face", "head", "plate", "vehicle", "person"] as const;

/**
 * `face`: found by the face detector. `head`: the upper part of a person. `person`: a whole person, where it cannot be
 * said which part is the head. `plate`: found by the plate detector. `vehicle`: a whole vehicle, for its plates and
 * for who sits in it.
 */
export type PrivateKind = (typeof PRIVATE_KINDS)[number];

/** A part of a picture that nobody outside may see. */
export interface PrivateRegion {
  readonly kind: PrivateKind;
  /** 0–1 of the picture, with the room around it that is hidden as well. */
  readonly box: Box;
  readonly score: number;
  /** What the detector called it. */
  readonly label: string;
}

/** How many regions there are of each kind. */
export function countKinds(regions: readonly PrivateRegion[]): Record<PrivateKind, number> {
  const counts = { face: 0, head: 0, plate: 0, vehicle: 0, person: 0 };
  for (const { kind } of regions) counts[kind] += 1;
  return counts;
}
