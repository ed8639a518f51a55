import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BundleInput } from "./bundle-input.ts";
import { writeBundle } from "./bundle-writer.ts";
import { openChainStore } from "./chain.ts";
import { ChainBusyError, ChainStateError } from "./errors.ts";
import type { ChainLink } from "./manifest-schema.ts";
import {
  fakeSources,
  makeCamera,
  makeCandidate,
  makeInput,
  newSiteKey,
  tempDir,
} from "./testing/bundle-fixture.ts";
import { verifyBundles } from "./verify-chain.ts";
import { thisWriter } from "./writer-identity.ts";

const siteKey = newSiteKey();

async function site() {
  const root = await tempDir();
  const chainDir = join(root, "chain");
  const outDir = join(root, "bundles");
  const chain = openChainStore(chainDir, outDir);
  const writer = (candidateId: string, cameraId = "cam-001", changes: Partial<BundleInput> = {}) => {
    const input = makeInput({
      outDir,
      siteKey,
      camera: makeCamera({ id: cameraId }),
      candidate: makeCandidate({ candidateId, cameraId }),
      ...changes,
    });
    return async (link: ChainLink) => writeBundle({ ...(await input), chain: link });
  };
  const add = (candidateId: string, cameraId = "cam-001", changes: Partial<BundleInput> = {}) =>
    chain.append(cameraId, candidateId, writer(candidateId, cameraId, changes));
  return { chainDir, outDir, chain, writer, add };
}

describe("openChainStore", () => {
  it("numbers each camera's bundles without gaps, however many come at once", async () => {
    const { add, outDir, chain } = await site();
    await Promise.all([add("a1"), add("a2"), add("b1", "摄像机/2"), add("a3"), add("b2", "摄像机/2")]);
    const { chains } = await verifyBundles(outDir, { trustedKeys: [siteKey.publicKeyPem] });
    expect(chains).toMatchObject([
      { cameraId: "cam-001", ok: true, bundles: 3, lastSequence: 3 },
      { cameraId: "摄像机/2", ok: true, bundles: 2, lastSequence: 2 },
    ]);
    expect((await chain.nextLink("cam-001")).sequence).toBe(4);
  });

  it("uses up no number when writing fails or the bundle is there already", async () => {
    const { add, chain, chainDir } = await site();
    const first = await add("a1");
    const cutClip = () => Promise.reject(new Error("disk full"));
    await expect(add("a2", "cam-001", { sources: fakeSources({ cutClip }) })).rejects.toThrow("disk full");
    expect((await add("a1")).created).toBe(false);
    const next = { sequence: 2, previousManifestSha256: first.manifestSha256 };
    expect(await chain.nextLink("cam-001")).toEqual(next);
    expect((await readdir(chainDir)).filter((name) => !name.endsWith(".head.json"))).toEqual([]);
  });

  it("counts a bundle that came into place just before a crash, and forgets one that did not", async () => {
    const { add, chain, chainDir, outDir, writer } = await site();
    await add("a1");
    const [headFile] = await readdir(chainDir);
    const claimFile = join(chainDir, String(headFile).replace(".head.", ".claim."));
    const claimOf = (bundleId: string) =>
      JSON.stringify({
        cameraId: "cam-001",
        bundleId,
        host: thisWriter.host,
        pid: 999_999_999,
        token: "0123456789ab",
      });
    // As after kill -9 between the rename and the note about it.
    const placed = await writer("a2")(await chain.nextLink("cam-001"));
    await writeFile(claimFile, claimOf("a2"));
    await openChainStore(chainDir, outDir).recover();
    const next = { sequence: 3, previousManifestSha256: placed.manifestSha256 };
    expect(await chain.nextLink("cam-001")).toEqual(next);
    // As after kill -9 before the rename.
    await writeFile(claimFile, claimOf("a3"));
    expect(await openChainStore(chainDir, outDir).nextLink("cam-001")).toEqual(next);
  });

  it("goes on where write failed after the bundle was in place", async () => {
    const { chain, writer } = await site();
    const failLate = async (link: ChainLink) => {
      await writer("a1")(link);
      throw new Error("after the rename");
    };
    await expect(chain.append("cam-001", "a1", failLate)).rejects.toThrow("after the rename");
    expect((await chain.nextLink("cam-001")).sequence).toBe(2);
  });

  it("does not depend on the bundle still being there once it was written", async () => {
    const { chain, writer, outDir } = await site();
    const written = await chain.append("cam-001", "a1", async (link) => {
      const bundle = await writer("a1")(link);
      await rm(join(outDir, "a1"), { recursive: true });
      return bundle;
    });
    const next = { sequence: 2, previousManifestSha256: written.manifestSha256 };
    expect(await chain.nextLink("cam-001")).toEqual(next);
  });

  it("takes the chain up from the newest bundle when its own files were lost", async () => {
    const { add, chainDir, chain, outDir } = await site();
    await add("z1");
    const newest = await add("a2");
    await rm(chainDir, { recursive: true });
    await mkdir(join(outDir, "no-bundle"));
    const next = { sequence: 3, previousManifestSha256: newest.manifestSha256 };
    expect(await chain.nextLink("cam-001")).toEqual(next);
  });

  it("does not let two processes write one camera's next bundle", async () => {
    const { add, chain, chainDir, outDir, writer } = await site();
    const other = openChainStore(chainDir, outDir);
    await chain.append("cam-001", "a1", async (link) => {
      await expect(other.append("cam-001", "a2", writer("a2"))).rejects.toThrow(ChainBusyError);
      await other.recover();
      return writer("a1")(link);
    });
    await add("a2");
    expect((await verifyBundles(outDir)).chains).toMatchObject([{ ok: true, bundles: 2 }]);
  });

  it("goes on at once where this process could not note a bundle that is in place", async () => {
    const { add, chain, chainDir, writer } = await site();
    await add("a1");
    const aside = `${chainDir}-aside`;
    const loseChain = async (link: ChainLink) => {
      const bundle = await writer("a2")(link);
      // As a full disk would: nothing can be written there any more.
      await rename(chainDir, aside);
      return bundle;
    };
    await expect(chain.append("cam-001", "a2", loseChain)).rejects.toThrow("ENOENT");
    await rename(aside, chainDir);
    const third = await add("a3");
    expect(third.manifest.sequence).toBe(3);
  });

  describe("settle, before a bundle is taken away", () => {
    it("notes one whose writer died before it could, so that its number is not given out again", async () => {
      const { add, chain, chainDir, outDir, writer } = await site();
      await add("a1");
      const placed = await writer("a2")(await chain.nextLink("cam-001"));
      const [head] = await readdir(chainDir);
      const claim = join(chainDir, String(head).replace(".head.", ".claim."));
      const dead = { host: thisWriter.host, pid: 999_999_999, token: "0123456789ab" };
      await writeFile(claim, JSON.stringify({ cameraId: "cam-001", bundleId: "a2", ...dead }));
      await chain.settle("cam-001", "another");
      expect(await readdir(chainDir)).toContain(basename(claim));
      await chain.settle("cam-001", "a2");
      await rm(join(outDir, "a2"), { recursive: true });
      expect(await openChainStore(chainDir, outDir).nextLink("cam-001")).toEqual({
        sequence: 3,
        previousManifestSha256: placed.manifestSha256,
      });
    });

    it("asks to wait while the bundle is being put there", async () => {
      const { chain, writer } = await site();
      await chain.append("cam-001", "a1", async (link) => {
        const bundle = await writer("a1")(link);
        await expect(chain.settle("cam-001", "a1")).rejects.toThrow(ChainBusyError);
        return bundle;
      });
      await chain.settle("cam-001", "a1");
    });
  });

  it("names a damaged state file and what to do", async () => {
    const { add, chain, chainDir } = await site();
    await add("a1");
    const [head] = await readdir(chainDir);
    await writeFile(join(chainDir, String(head)), "{");
    await expect(chain.nextLink("cam-001")).rejects.toThrow(ChainStateError);
  });
});

describe("verifyBundles", () => {
  it("names gaps, forks and bundles whose manifest is gone", async () => {
    const { add, outDir, writer } = await site();
    for (const id of ["a1", "a2", "a3", "a4"]) await add(id);
    const seen: number[] = [];
    await verifyBundles(outDir, {}, (_result, total) => seen.push(total));
    expect(seen).toEqual([4, 4, 4, 4]);
    await writer("fork")({ sequence: 4, previousManifestSha256: "0".repeat(64) });
    await rm(join(outDir, "a2", "manifest.json"));
    await cp(join(outDir, "a1"), join(outDir, "copy"), { recursive: true });
    const { bundles, chains } = await verifyBundles(outDir);
    expect(bundles.filter((bundle) => !bundle.ok).map((bundle) => bundle.path)).toEqual([join(outDir, "a2")]);
    expect(chains[0]?.problems.map((problem) => problem.code)).toEqual([
      "chain.gap",
      "chain.fork",
      "chain.broken_link",
    ]);
  });
});
