import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cleanTempBundles, makeTempFolder } from "./temp-bundles.ts";
import { tempDir } from "./testing/bundle-fixture.ts";
import { thisWriter } from "./writer-identity.ts";

it("goes on where a folder vanishes under it, and leaves those of writers at work", async () => {
  const spool = await tempDir();
  const mine = await makeTempFolder(spool);
  const left = (number: number) => `.tmp-${thisWriter.host}-999999999-0123456789ab-0000000${number}`;
  await mkdir(join(spool, left(2)));
  await writeFile(join(spool, left(2), "half.jpg"), "half");
  // Listed and no longer there: another worker was faster.
  await symlink("nowhere", join(spool, left(1)));
  expect(await cleanTempBundles(spool)).toEqual([left(2)]);
  expect((await readdir(spool)).map((name) => join(spool, name)).sort()).toEqual(
    [mine, join(spool, left(1))].sort(),
  );
});
