import { levelWithin } from "./tree.ts";

/** Leaves from `start` (inclusive) to `end` (exclusive) whose common hash is one step of a proof. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** The largest power of two below n, n ≥ 2: where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  return 2 ** levelWithin(n - 1);
}

/**
 * PATH(index, D[size]) of RFC 6962, section 2.1.1: the ranges whose hashes prove that leaf `index` is in the tree of
 * `size` leaves, in the proof's order.
 *
 * @throws RangeError unless 0 ≤ index < size
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  return pathWithin(index, 0, size);
}

function pathWithin(index: number, start: number, end: number): LeafRange[] {
  if (end - start === 1) return [];
  const split = start + splitOf(end - start);
  return index < split
    ? [...pathWithin(index, start, split), { start: split, end }]
    : [...pathWithin(index, split, end), { start, end: split }];
}

/**
 * PROOF(older, D[newer]) of RFC 6962, section 2.1.2: the ranges whose hashes prove that the tree of `newer` leaves
 * begins with the tree of `older`. None when they are the same.
 *
 * @throws RangeError unless 1 ≤ older ≤ newer
 */
export function consistencyRanges(older: number, newer: number): LeafRange[] {
  if (!(older >= 1 && older <= newer)) throw new RangeError(`no proof from ${older} to ${newer} leaves`);
  return subproof(older, 0, newer, true);
}

/** SUBPROOF: `whole` while the older tree's own root can be taken from whoever asks. */
function subproof(older: number, start: number, end: number, whole: boolean): LeafRange[] {
  if (older === end) return whole ? [] : [{ start, end }];
  const split = start + splitOf(end - start);
  return older <= split
    ? [...subproof(older, start, split, whole), { start: split, end }]
    : [...subproof(older, split, end, false), { start, end: split }];
}
