import { hideAllBut } from "./all-but-subject.ts";
import { besidesSubject, type MaskLayers } from "./besides-subject.ts";
import { widen } from "./find-private.ts";
import type { RgbPicture } from "./finder.ts";
import { maskRegions } from "./mask-regions.ts";
import type { MaskSubject } from "./mask-subject.ts";
import type { PrivateRegion } from "./private-region.ts";

/** One frame of a clip and what was found in it. */
export interface SeenFrame {
  readonly picture: RgbPicture;
  /** Null: nothing could look at it, so that everything is hidden. */
  readonly regions: readonly PrivateRegion[] | null;
  /** Null: it is not in this frame. */
  readonly subject: MaskSubject | null;
}

/** How far something gets from one frame to the next, as a share of its size on every side. */
const DRIFT = { vehicle: 0.1, other: 0.3 } as const;

interface SortedFrame extends SeenFrame {
  readonly layers: MaskLayers | null;
}

/**
 * Masks frames in order, one behind: what was hidden in the frame before and the frame after is hidden too, with room
 * for its way. A detector that misses a face in a single frame would show it, and one frame is enough to know somebody.
 */
export class ClipFrameMasker {
  #before: SortedFrame | undefined;
  #current: SortedFrame | undefined;

  /** @returns the masked frame before this one; null for the first */
  push(next: SeenFrame): RgbPicture | null {
    const { regions, subject, picture } = next;
    const layers = regions === null ? null : besidesSubject(regions, subject, picture.size);
    const sorted = { ...next, layers };
    const masked = this.#maskCurrent(sorted);
    this.#before = this.#current;
    this.#current = sorted;
    return masked;
  }

  /** @returns the last frame, masked; null where there was none */
  finish(): RgbPicture | null {
    return this.#maskCurrent(undefined);
  }

  #maskCurrent(after: SortedFrame | undefined): RgbPicture | null {
    if (this.#current === undefined) return null;
    const { picture, layers, subject } = this.#current;
    // Whether the subject is in it is as unknown as who else is.
    if (layers === null) return hideAllBut(picture, null);
    const near = [this.#before?.layers ?? null, after?.layers ?? null].filter((other) => other !== null);
    const withNear = (layer: "above" | "behind") => [
      ...layers[layer],
      ...near.flatMap((other) => other[layer].map(drifted)),
    ];
    const all = { above: withNear("above"), behind: withNear("behind"), kept: layers.kept };
    return maskRegions(picture, all, subject);
  }
}

function drifted(region: PrivateRegion): PrivateRegion {
  const margin = region.kind === "vehicle" ? DRIFT.vehicle : DRIFT.other;
  return { ...region, box: widen(region.box, margin) };
}
