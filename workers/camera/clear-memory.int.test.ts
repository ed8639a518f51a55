import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { thisWriter } from "../../pipeline/evidence/writer-identity.ts";
import { clearMemory, memoryRings } from "./clear-memory.ts";

it("leaves no unmasked picture of a camera that nobody watches, and none of a killed writer", async () => {
  const dir = await mkdtemp(join(tmpdir(), "forewarn-memory-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const rings = memoryRings(dir);
  const longAgo = new Date(Date.now() - 3_600_000);
  const make = async (path: string, at?: Date) => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "picture"), "x");
    if (at !== undefined) await utimes(path, at, at);
  };
  await make(join(rings, "switched-off"), longAgo);
  await make(join(rings, "watched", "cut-abandoned"), longAgo);
  await make(join(rings, "watched", "cut-at-work"));
  const name = (token: string) => `.tmp-${thisWriter.host}-${thisWriter.pid}-${token}-01234567`;
  await make(join(dir, name("0123456789ab")));
  await make(join(dir, name(thisWriter.token)));
  await clearMemory(dir);
  expect((await readdir(dir)).sort()).toEqual([name(thisWriter.token), "rings"].sort());
  expect(await readdir(rings)).toEqual(["watched"]);
  expect(await readdir(join(rings, "watched"))).toEqual(["cut-at-work"]);
  // Where there is no such folder there is nothing to clear.
  await expect(clearMemory(join(dir, "nowhere"))).resolves.toBeUndefined();
});
