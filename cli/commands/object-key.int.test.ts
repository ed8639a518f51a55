import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FolderObjectStore } from "../../store/object-store.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";

describe("forewarn object-key", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "forewarn-object-key-"));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    runCli(["object-key", ...args], { cwd: dataDir, env: { FOREWARN_DATA_DIR: dataDir } });

  it("brings every bundle's key under a new one, and the originals stay readable", async () => {
    const objects = new FolderObjectStore(join(dataDir, "objects"));
    const folder = join(dataDir, "spooled");
    await mkdir(join(folder, "originals"), { recursive: true });
    await writeFile(join(folder, "originals", "clip.mp4"), "0123456789");
    for (const key of ["cnd_1", "cnd_2"]) await objects.takeIn(key, folder);
    const rotated = await run("rotate", "--json");
    expect([rotated.exit, JSON.parse(rotated.stdout)]).toEqual([
      0,
      { type: "object-key", made: expect.stringMatching(/^kek_/), rewrapped: 2, dropped: [] },
    ]);
    expect((await run("rewrap")).stdout).toBe("0 bundle keys wrapped anew\n");
    for (const key of ["cnd_1", "cnd_2"]) {
      const bytes = await buffer(objects.read(key, "originals/clip.mp4", { start: 0, end: 99 }));
      expect(bytes.toString()).toBe("0123456789");
    }
  });

  it("refuses any other step", async () => {
    expect(await run("delete")).toMatchObject({ exit: 2, stdout: "" });
  });
});
