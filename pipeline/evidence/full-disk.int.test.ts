import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { NEEDS_SMALL_DISK, openSmallDisk } from "../../test-fixtures/small-disk.ts";
import { AppError } from "../domain/errors.ts";
import { writeBundle } from "./bundle-writer.ts";
import { openChainStore } from "./chain.ts";
import { makeCandidate, makeInput, newSiteKey } from "./testing/bundle-fixture.ts";
import { verifyBundles } from "./verify-chain.ts";

const disk = await openSmallDisk(48);
afterAll(() => disk?.close());

describe.skipIf(disk === undefined)(`on a disk that is full (${NEEDS_SMALL_DISK})`, () => {
  const dir = disk?.dir ?? "";
  const outDir = join(dir, "spool");
  const siteKey = newSiteKey();
  const chain = openChainStore(join(dir, "chains"), outDir);
  const add = async (candidateId: string) => {
    const input = await makeInput({ outDir, siteKey, candidate: makeCandidate({ candidateId }) });
    return chain.append("cam-001", candidateId, (link) => writeBundle({ ...input, chain: link }));
  };

  it("a bundle is whole or not there, wherever room ended, and its chain goes on when there is room", async () => {
    await add("first");
    const bundleBytes = await sizeOf(disk?.free, () => add("second"));
    const outcomes: string[] = [];
    const pages = [0, 1, 2, 3, 5, 8].map((count) => count * 4_096);
    // The pictures as they came lie there too until the bundle is written.
    const shares = [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 2].map((share) => share * bundleBytes);
    for (const left of [...pages, ...shares]) {
      await disk?.leaveFree(left);
      const candidateId = `at-${Math.round(left)}`;
      const outcome = await add(candidateId).then(
        () => "sealed",
        (fault: unknown) => fault,
      );
      const names = await readdir(outDir);
      expect(names.filter((name) => name.startsWith("."))).toEqual([]);
      if (outcome === "sealed") {
        outcomes.push("sealed");
        continue;
      }
      expect(outcome).toBeInstanceOf(AppError);
      expect((outcome as Error).message).toMatch(/full|ENOSPC|No space|no space/);
      outcomes.push((outcome as AppError).code);
      await disk?.dropBallast();
      // It may have got into place before the room ended: then it is found there.
      await add(candidateId);
    }
    await disk?.dropBallast();
    expect(new Set(outcomes)).toContain("sealed");
    expect(new Set(outcomes)).toContain("evidence.disk_full");
    const { bundles, chains } = await verifyBundles(outDir, { trustedKeys: [siteKey.publicKeyPem] });
    expect(bundles.filter(({ ok }) => !ok)).toEqual([]);
    expect(chains).toMatchObject([{ ok: true, bundles: outcomes.length + 2, problems: [] }]);
  });
});

/** Bytes that doing something takes from the disk. */
async function sizeOf(
  free: (() => Promise<number>) | undefined,
  act: () => Promise<unknown>,
): Promise<number> {
  const before = (await free?.()) ?? 0;
  await act();
  return before - ((await free?.()) ?? 0);
}
