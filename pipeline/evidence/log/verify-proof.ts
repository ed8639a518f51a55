import { equalBytes } from "../portable/bytes.ts";
import { levelWithin, nodeHash, type Sha256 } from "./tree.ts";

/**
 * The root that a leaf, its place and its inclusion proof lead to (RFC 9162, section 2.1.3.2); undefined when the
 * proof has not the length that such a place has. The leaf is in the tree if this is the tree's root.
 */
export function rootFromInclusion(
  sha256: Sha256,
  claim: {
    readonly leafHash: Uint8Array;
    readonly index: number;
    readonly size: number;
    readonly proof: readonly Uint8Array[];
  },
): Uint8Array | undefined {
  const { index, size, proof } = claim;
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size))
    return undefined;
  const sides = sidesUp(index, size - 1, proof.length);
  return sides?.reduce((hash, side, at) => stepUp(sha256, hash, side, proof[at] ?? hash), claim.leafHash);
}

/** Whether the newer tree begins with the older one (RFC 9162, section 2.1.4.2). */
export function isConsistent(
  sha256: Sha256,
  claim: {
    readonly older: { readonly size: number; readonly root: Uint8Array };
    readonly newer: { readonly size: number; readonly root: Uint8Array };
    readonly proof: readonly Uint8Array[];
  },
): boolean {
  const { older, newer } = claim;
  if (!(Number.isSafeInteger(older.size) && Number.isSafeInteger(newer.size))) return false;
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return claim.proof.length === 0 && equalBytes(older.root, newer.root);
  // A tree of 2^n leaves is a node of every larger one: its root is the first step and is left out of the proof.
  const [first, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...claim.proof] : claim.proof;
  if (first === undefined) return false;
  let place = older.size - 1;
  let last = newer.size - 1;
  while (place % 2 === 1) {
    place = half(place);
    last = half(last);
  }
  const sides = sidesUp(place, last, rest.length);
  if (sides === undefined) return false;
  let ofOlder = first;
  let ofNewer = first;
  for (const [at, side] of sides.entries()) {
    const sibling = rest[at] ?? first;
    // What stands to the right came after the older tree.
    if (side === "left") ofOlder = stepUp(sha256, ofOlder, side, sibling);
    ofNewer = stepUp(sha256, ofNewer, side, sibling);
  }
  return equalBytes(ofOlder, older.root) && equalBytes(ofNewer, newer.root);
}

type Side = "left" | "right";

/**
 * On which side the sibling stands at each step from a node up to the root; undefined when that takes another number
 * of steps.
 *
 * @param place of the node in its row, from 0
 * @param last place in that row
 */
function sidesUp(place: number, last: number, steps: number): Side[] | undefined {
  const sides: Side[] = [];
  let at = place;
  let end = last;
  while (end > 0) {
    // The last node of an odd row has no sibling: it rises until it is somebody's right child.
    while (at === end && at % 2 === 0) {
      at = half(at);
      end = half(end);
    }
    sides.push(at % 2 === 1 ? "left" : "right");
    at = half(at);
    end = half(end);
  }
  return sides.length === steps ? sides : undefined;
}

function stepUp(sha256: Sha256, hash: Uint8Array, side: Side, sibling: Uint8Array): Uint8Array {
  return side === "left" ? nodeHash(sha256, sibling, hash) : nodeHash(sha256, hash, sibling);
}

/** Shifts by one: `>>` would cut numbers above 2^31. */
function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  return 2 ** levelWithin(n) === n;
}
