import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChainMember, checkChains } from "./verify-chain.ts";

const sha = (n: number) => n.toString(16).padStart(64, "0");
const chain = (length: number, cameraId = "cam"): ChainMember[] =>
  Array.from({ length }, (_, index) => ({
    cameraId,
    bundleId: `${cameraId}-${index + 1}`,
    sequence: index + 1,
    manifestSha256: sha(index + 1),
    previousManifestSha256: index === 0 ? null : sha(index),
  }));
const problemsOf = (members: ChainMember[]) => checkChains(members).flatMap((result) => result.problems);

describe("checkChains", () => {
  it("finds nothing wrong with whole chains, in any order, of several cameras", () => {
    const members = [...chain(5), ...chain(3, "other")];
    fc.assert(
      fc.property(fc.shuffledSubarray(members, { minLength: members.length }), (shuffled) => {
        expect(problemsOf(shuffled)).toEqual([]);
      }),
    );
    expect(checkChains(members)).toMatchObject([
      { cameraId: "cam", ok: true, bundles: 5, firstSequence: 1, lastSequence: 5 },
      { cameraId: "other", ok: true, bundles: 3 },
    ]);
  });

  it("names what is missing at the start and in the middle", () => {
    const members = chain(6).filter(({ sequence }) => ![1, 2, 5].includes(sequence));
    expect(problemsOf(members).map((problem) => problem.message)).toEqual([
      "numbers 1 to 2 are missing",
      "number 5 is missing",
    ]);
  });

  it("names two bundles with one number, and takes two copies of one bundle for one", () => {
    const members = chain(3);
    const [second] = members.slice(1, 2);
    const fork = { ...(second as ChainMember), bundleId: "forged", manifestSha256: sha(99) };
    expect(problemsOf([...members, fork])).toMatchObject([
      { code: "chain.fork", message: "number 2 was given more than once: cam-2, forged" },
    ]);
    expect(problemsOf([...members, second as ChainMember])).toEqual([]);
  });

  it("names a bundle that follows another than the one before it", () => {
    const members = chain(3).map((member) =>
      member.sequence === 3 ? { ...member, previousManifestSha256: sha(77) } : member,
    );
    expect(problemsOf(members)).toMatchObject([{ code: "chain.broken_link", file: "cam-3" }]);
  });
});
