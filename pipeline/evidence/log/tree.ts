import { concatBytes } from "../portable/bytes.ts";

/** SHA-256 of bytes, 32 bytes. An argument everywhere, so that the same code runs in Node, a browser or a script. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

/** Hash of a leaf (RFC 6962, section 2.1): the 0x00 keeps a leaf from passing as an inner node. */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), entry));
}

/** Hash of an inner node over its two children (RFC 6962, section 2.1). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}

/** The largest level whose 2^level leaves fit into n, n ≥ 1. Counted, since Math.log2 rounds. */
export function levelWithin(n: number): number {
  let level = 0;
  while (2 ** (level + 1) <= n) level += 1;
  return level;
}

/** A full subtree: 2^level leaves from leaf `place` · 2^level. */
export interface TreeNode {
  readonly level: number;
  readonly place: number;
}

/**
 * The full subtrees that make up the leaves from `start` (inclusive) to `end` (exclusive), left to right. `start`
 * must be a multiple of the largest power of two within the range, as it is in every proof.
 */
export function fullSubtrees(start: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let from = start; from < end; ) {
    const level = levelWithin(end - from);
    nodes.push({ level, place: from / 2 ** level });
    from += 2 ** level;
  }
  return nodes;
}

/** The hash over neighbouring full subtrees, given left to right; of no leaves at all, that of nothing. */
export function foldSubtrees(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  const [last, ...before] = hashes.toReversed();
  if (last === undefined) return sha256(new Uint8Array());
  return before.reduce((right, left) => nodeHash(sha256, left, right), last);
}

/**
 * What is kept of a tree to let it grow: the hashes of its full subtrees, largest first. A tree of n leaves has one
 * for each binary digit 1 of n.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/**
 * The frontier with one more leaf.
 *
 * @returns with `made`: the leaf's hash and those of the full subtrees it completes, smallest first
 */
export function grow(
  sha256: Sha256,
  frontier: Frontier,
  leaf: Uint8Array,
): Frontier & { readonly made: readonly Uint8Array[] } {
  const hashes = [...frontier.hashes];
  const made = [leaf];
  let hash = leaf;
  for (let rest = frontier.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = hashes.pop();
    if (left === undefined) throw new Error(`a frontier of ${frontier.size} leaves lacks hashes`);
    hash = nodeHash(sha256, left, hash);
    made.push(hash);
  }
  return { size: frontier.size + 1, hashes: [...hashes, hash], made };
}

/** The tree's root (RFC 6962, section 2.1). */
export function rootOf(sha256: Sha256, frontier: Frontier): Uint8Array {
  return foldSubtrees(sha256, frontier.hashes);
}
