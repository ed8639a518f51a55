import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { equalBytes } from "../portable/bytes.ts";
import { consistencyRanges, inclusionRanges, type LeafRange } from "./proof-ranges.ts";
import {
  EMPTY_FRONTIER,
  type Frontier,
  foldSubtrees,
  fullSubtrees,
  grow,
  leafHash,
  nodeHash,
  rootOf,
} from "./tree.ts";
import { isConsistent, rootFromInclusion } from "./verify-proof.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** MTH of RFC 6962, section 2.1, word for word; what was worked out once is remembered. */
function naiveRoot(leaves: readonly Uint8Array[], start = 0, end = leaves.length): Uint8Array {
  if (start === end) return sha256(new Uint8Array());
  const known = rootsKnown.get(leaves) ?? new Map<string, Uint8Array>();
  rootsKnown.set(leaves, known);
  const found = known.get(`${start}-${end}`);
  if (found !== undefined) return found;
  let split = 1;
  while (split * 2 < end - start) split *= 2;
  const root =
    end - start === 1
      ? (leaves[start] as Uint8Array)
      : nodeHash(sha256, naiveRoot(leaves, start, start + split), naiveRoot(leaves, start + split, end));
  known.set(`${start}-${end}`, root);
  return root;
}
const rootsKnown = new WeakMap<readonly Uint8Array[], Map<string, Uint8Array>>();

const hashesOf = (leaves: readonly Uint8Array[], ranges: readonly LeafRange[]) =>
  ranges.map(({ start, end }) => naiveRoot(leaves, start, end));

const inclusion = (leaves: readonly Uint8Array[], index: number, size = leaves.length) =>
  hashesOf(leaves, inclusionRanges(index, size));

const consistency = (leaves: readonly Uint8Array[], older: number, newer = leaves.length) =>
  hashesOf(leaves, consistencyRanges(older, newer));

const MANY = 130;
const many = Array.from({ length: MANY }, (_, n) => leafHash(sha256, Uint8Array.of(n)));

// The tree that certificate-transparency's own tests are made with.
const reference = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
  .concat("606162636465666768696a6b6c6d6e6f")
  .map((entry) => leafHash(sha256, bytesOf(entry)));

const referenceRoots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const [LEAF_4, OF_6_7, OF_0_TO_3] = [
  "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
];
const [LEAF_1, OF_2_3, OF_4_TO_7, OF_4_5] = [
  "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
];

describe("the published test tree", () => {
  it("has its published roots, grown leaf by leaf", () => {
    let frontier: Frontier = EMPTY_FRONTIER;
    const roots = [hex(rootOf(sha256, frontier))];
    for (const leaf of reference) {
      frontier = grow(sha256, frontier, leaf);
      roots.push(hex(rootOf(sha256, frontier)));
    }
    expect(roots).toEqual(referenceRoots);
  });

  it("has its published inclusion proofs", () => {
    expect(inclusion(reference, 5).map(hex)).toEqual([LEAF_4, OF_6_7, OF_0_TO_3]);
    expect(inclusion(reference, 0, 1)).toEqual([]);
    expect(inclusion(reference, 2, 3).map(hex)).toEqual([referenceRoots[2]]);
  });

  it("has its published consistency proofs", () => {
    expect(consistency(reference, 1).map(hex)).toEqual([LEAF_1, OF_2_3, OF_4_TO_7]);
    expect(consistency(reference, 6).map(hex)).toEqual([OF_4_5, OF_6_7, OF_0_TO_3]);
    expect(consistency(reference, 2, 5).map(hex)).toEqual([OF_2_3, LEAF_4]);
  });
});

describe("trees of every size", () => {
  it("grow to the root of the definition, and name the subtrees each leaf completes", () => {
    let frontier: Frontier = EMPTY_FRONTIER;
    for (const [index, leaf] of many.entries()) {
      const grown = grow(sha256, frontier, leaf);
      expect(hex(rootOf(sha256, grown))).toBe(hex(naiveRoot(many, 0, index + 1)));
      for (const [level, hash] of grown.made.entries())
        expect(hex(hash)).toBe(hex(naiveRoot(many, index + 1 - 2 ** level, index + 1)));
      expect((index + 1) % 2 ** grown.made.length).not.toBe(0);
      frontier = grown;
    }
  });

  it("are proved from full subtrees alone", () => {
    for (let size = 1; size <= MANY; size += 1) {
      const ranges = [
        ...inclusionRanges(size >> 1, size),
        ...consistencyRanges((size >> 1) + 1, size),
        { start: 0, end: size },
      ];
      for (const { start, end } of ranges) {
        const hashes = fullSubtrees(start, end).map(({ level, place }) =>
          naiveRoot(many, place * 2 ** level, (place + 1) * 2 ** level),
        );
        expect(hex(foldSubtrees(sha256, hashes))).toBe(hex(naiveRoot(many, start, end)));
      }
    }
  });

  it("prove each leaf at its own place and at no other", () => {
    const wrongly: string[] = [];
    for (let size = 1; size <= MANY; size += 1) {
      const root = naiveRoot(many, 0, size);
      for (const [index, leaf] of many.slice(0, size).entries()) {
        const proof = inclusion(many, index, size);
        for (const place of new Set([index, index - 1, index + 1, size - 1 - index])) {
          const found = rootFromInclusion(sha256, { leafHash: leaf, index: place, size, proof });
          if ((found !== undefined && equalBytes(found, root)) !== (place === index))
            wrongly.push(`leaf ${index} of ${size} at ${place}`);
        }
      }
    }
    expect(wrongly).toEqual([]);
  });

  it.each([
    [2, 0],
    [7, 6],
    [MANY, 77],
    [MANY, MANY - 1],
  ])("prove nothing with a step lost, added, changed or moved: %d leaves, leaf %d", (size, index) => {
    const root = naiveRoot(many, 0, size);
    const proof = inclusion(many, index, size);
    const leaf = many[index] as Uint8Array;
    const spoilt = [proof.slice(1), proof.slice(0, -1), [...proof, leaf], [leaf, ...proof]];
    if (proof.length > 1) spoilt.push(proof.toReversed());
    for (const [at, step] of proof.entries()) spoilt.push(proof.with(at, step.with(0, (step[0] ?? 0) ^ 1)));
    for (const wrong of spoilt)
      expect(rootFromInclusion(sha256, { leafHash: leaf, index, size, proof: wrong })).not.toEqual(root);
  });

  it("prove that each older one is their beginning, and that no other is", () => {
    const stranger = leafHash(sha256, bytesOf("ff"));
    const wrongly: string[] = [];
    for (let size = 1; size <= MANY; size += 1) {
      const newer = { size, root: naiveRoot(many, 0, size) };
      for (let before = 1; before <= size; before += 1) {
        const older = { size: before, root: naiveRoot(many, 0, before) };
        const proof = consistency(many, before, size);
        const attempts = [
          [{ older, newer, proof }, true],
          [{ older: { size: before, root: stranger }, newer, proof }, false],
          [{ older, newer: { size, root: stranger }, proof }, false],
          [{ older, newer, proof: [...proof, stranger] }, false],
          [{ older, newer, proof: proof.slice(0, -1) }, proof.length === 0],
        ] as const;
        attempts.forEach(([claim, holds], attempt) => {
          if (isConsistent(sha256, claim) !== holds) wrongly.push(`${before} to ${size}, attempt ${attempt}`);
        });
      }
    }
    expect(wrongly).toEqual([]);
  });

  it("know no leaf and no tree outside", () => {
    expect(() => inclusionRanges(3, 3)).toThrow(RangeError);
    expect(() => inclusionRanges(-1, 3)).toThrow(RangeError);
    expect(() => consistencyRanges(0, 3)).toThrow(RangeError);
    expect(() => consistencyRanges(4, 3)).toThrow(RangeError);
    const leaf = many[0] as Uint8Array;
    const beyond = { leafHash: leaf, index: 3, size: 3, proof: [] };
    expect(rootFromInclusion(sha256, beyond)).toBeUndefined();
    expect(rootFromInclusion(sha256, { ...beyond, index: 0.5 })).toBeUndefined();
  });
});
