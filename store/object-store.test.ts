import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FolderObjectStore } from "./object-store.ts";

describe("the folder object store", () => {
  let home: string;
  let store: FolderObjectStore;
  let made = 0;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "forewarn-objects-"));
    store = new FolderObjectStore(join(home, "objects"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  /** A folder as a bundle is one; its text says which. */
  async function bundle(): Promise<{ key: string; folder: string; text: string }> {
    made += 1;
    const key = `cnd_${createHash("sha256").update(String(made)).digest("hex").slice(0, 26)}`;
    const folder = join(home, "spool", key);
    const text = `manifest of ${key}`;
    await mkdir(join(folder, "originals"), { recursive: true });
    await writeFile(join(folder, "manifest.json"), text);
    await writeFile(join(folder, "originals", "clip.mp4"), "0123456789");
    return { key, folder, text };
  }
  const bytesOf = (key: string, path: string, start = 0, end = Number.MAX_SAFE_INTEGER) =>
    buffer(store.read(key, path, { start, end }));

  it("keeps a bundle that outlives the folder it came from", async () => {
    const { key, folder, text } = await bundle();
    await store.takeIn(key, folder);
    await rm(folder, { recursive: true });
    expect((await bytesOf(key, "manifest.json")).toString()).toBe(text);
    expect(await readFile(join(store.localPath(key), "originals", "clip.mp4"), "utf8")).toBe("0123456789");
    expect(await store.sizeOf(key, "originals/clip.mp4")).toBe(10);
  });

  it("changes nothing when the same key comes again", async () => {
    const [first, second] = [await bundle(), await bundle()];
    await store.takeIn(first.key, first.folder);
    await store.takeIn(first.key, second.folder);
    expect((await bytesOf(first.key, "manifest.json")).toString()).toBe(first.text);
  });

  it("takes in nothing of a folder that is not there, and can be asked again", async () => {
    const { key, folder } = await bundle();
    await expect(store.takeIn(key, join(folder, "nowhere"))).rejects.toThrow(/ENOENT/);
    await expect(store.sizeOf(key, "manifest.json")).rejects.toMatchObject({ code: "store.object_missing" });
    await store.takeIn(key, folder);
    expect(await store.sizeOf(key, "originals/clip.mp4")).toBe(10);
  });

  it("reads the bytes asked for, both ends included", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    expect((await bytesOf(key, "originals/clip.mp4", 2, 4)).toString()).toBe("234");
    expect((await bytesOf(key, "originals/clip.mp4", 9, 9)).toString()).toBe("9");
  });

  it("says that it has no such file or bundle", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    for (const [name, path] of [
      [key, "originals/none.jpg"],
      ["cnd_unknown", "manifest.json"],
    ] as const)
      await expect(store.sizeOf(name, path)).rejects.toMatchObject({ code: "store.object_missing" });
  });

  it("leads nowhere outside a bundle", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    await writeFile(join(home, "secret"), "hush");
    for (const path of ["../../../secret", "originals/../../../../secret", join(home, "secret"), ".", ""]) {
      await expect(store.sizeOf(key, path), path).rejects.toMatchObject({ code: "store.object_missing" });
      expect(() => store.read(key, path, { start: 0, end: 1 }), path).toThrow(/has no file/);
    }
    for (const name of ["..", "../..", "a/b", "", "a b", "a\0b"])
      expect(() => store.localPath(name), JSON.stringify(name)).toThrow(/is not the name of a bundle/);
  });

  it("shows nothing half done beside the bundles", async () => {
    const names = await readdir(join(home, "objects"), { recursive: true });
    expect(names.filter((name) => name.includes("partial"))).toEqual([]);
  });
});
