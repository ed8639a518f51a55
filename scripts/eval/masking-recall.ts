import type { Box } from "../../pipeline/domain/types.ts";
import type { PrivateRegion } from "../../pipeline/evidence/masking/private-region.ts";
import { type PictureSize, regionOfBox } from "../../pipeline/evidence/picture-region.ts";

/** From this share of its area on something counts as hidden. */
export const HIDDEN_SHARE = 0.9;

/** One labelled thing that had to be hidden. */
export interface Judged {
  readonly name: string;
  /** Pixels by which it is put into a class of size: the person's height, the plate's width. */
  readonly sizePx: number;
  /** Share of its area that is hidden, 0–1. */
  readonly share: number;
}

/**
 * Where the head of a labelled person is: a fifth or so of a standing one, more of one that sits or is cut off below,
 * which shows in a box that is wide for its height; the middle of the width. A guess that is wrong for who lies down.
 */
export function headOfLabel([x1, y1, x2, y2]: Box, size: PictureSize): Box {
  const height = y2 - y1;
  const halfWidth = (0.5 * (x2 - x1) * size.width) / size.height;
  const head = Math.min(0.6 * height, Math.max(0.15 * height, halfWidth));
  const aside = (x2 - x1) * 0.2;
  return [x1 + aside, y1, x2 - aside, y1 + head];
}

/** Which pixels of a picture are hidden by regions. */
export class HiddenPixels {
  readonly #size: PictureSize;
  readonly #hidden: Uint8Array;

  constructor(size: PictureSize, regions: readonly PrivateRegion[]) {
    this.#size = size;
    this.#hidden = new Uint8Array(size.width * size.height);
    for (const { box } of regions)
      this.#rows(box, (from, to) => {
        this.#hidden.fill(1, from, to);
      });
  }

  /** Share of a box that is hidden, 0–1. */
  shareOf(box: Box): number {
    let hidden = 0;
    let all = 0;
    this.#rows(box, (from, to) => {
      all += to - from;
      for (let at = from; at < to; at++) hidden += this.#hidden[at] as number;
    });
    return hidden / all;
  }

  #rows(box: Box, each: (from: number, to: number) => void): void {
    const { left, top, width, height } = regionOfBox(box, 0, this.#size);
    for (let y = top; y < top + height; y++) {
      const from = y * this.#size.width + left;
      each(from, from + width);
    }
  }
}

/** One row of a table: a class of size, how many things are in it, and how many of them are hidden. */
export interface RecallRow {
  readonly fromPx: number;
  readonly toPx: number;
  readonly count: number;
  readonly hidden: number;
}

/** @param limits lower bounds of the classes, rising; the last class has no upper bound */
export function recallBySize(judged: readonly Judged[], limits: readonly number[]): RecallRow[] {
  return limits.map((fromPx, index) => {
    const toPx = limits[index + 1] ?? Number.POSITIVE_INFINITY;
    const inClass = judged.filter(({ sizePx }) => sizePx >= fromPx && sizePx < toPx);
    const hidden = inClass.filter(({ share }) => share >= HIDDEN_SHARE).length;
    return { fromPx, toPx, count: inClass.length, hidden };
  });
}
