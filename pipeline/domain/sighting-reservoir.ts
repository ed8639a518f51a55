import { list, num, record, type ShapeOf } from "./shape.ts";
import { packSighting, sightingShape, unpackSighting } from "./sighting-state.ts";
import type { Box, EpochMs, Sighting } from "./types.ts";

const CAPACITY = 64;

export const reservoirShape = record({ kept: list(sightingShape), spacingMs: num });
export type ReservoirState = ShapeOf<typeof reservoirShape>;

/**
 * A few sightings of a stay, evenly spread over it however long it lasts: when full, every second one goes and
 * the least distance between two doubles. Nothing random, so the same input keeps the same sightings.
 */
export class SightingReservoir {
  #kept: Sighting[] = [];
  #spacingMs = 0;

  static from({ kept, spacingMs }: ReservoirState): SightingReservoir {
    const reservoir = new SightingReservoir();
    reservoir.#kept = kept.map(unpackSighting);
    reservoir.#spacingMs = spacingMs;
    return reservoir;
  }

  state(): ReservoirState {
    return { kept: this.#kept.map(packSighting), spacingMs: this.#spacingMs };
  }

  add(sighting: Sighting): void {
    const last = this.#kept.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : sighting.at.capturedAt - last.at.capturedAt;
    if (gap <= 0 || gap < this.#spacingMs) return;
    this.#kept.push(sighting);
    if (this.#kept.length <= CAPACITY) return;
    const spanMs = sighting.at.capturedAt - (this.#kept[0]?.at.capturedAt ?? 0);
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#spacingMs = Math.max(2 * this.#spacingMs, spanMs / CAPACITY);
  }

  /** Takes over the later ones of another stay of the same object. */
  append(later: SightingReservoir): void {
    for (const sighting of later.#kept) this.add(sighting);
  }

  /** The first kept sighting at or after the instant. */
  firstSince(from: EpochMs): Sighting | undefined {
    return this.#kept.find((sighting) => sighting.at.capturedAt >= from);
  }

  /** The kept sighting closest to `at` that is not earlier than `from`; the earlier one of two equally close. */
  closest(at: EpochMs, from: EpochMs): Sighting | undefined {
    let best: Sighting | undefined;
    for (const sighting of this.#kept) {
      if (sighting.at.capturedAt < from) continue;
      const distance = Math.abs(sighting.at.capturedAt - at);
      if (best === undefined || distance < Math.abs(best.at.capturedAt - at)) best = sighting;
    }
    return best;
  }

  get boxes(): readonly Box[] {
    return this.#kept.map((sighting) => sighting.box);
  }

  get size(): number {
    return this.#kept.length;
  }
}
