import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFolder } from "../pipeline/evidence/folder-source.ts";
import { BUNDLE_KEY_FILE } from "./object-encryption/bundle-key.ts";
import { RETIRED_FOR_MS } from "./object-encryption/key-ring.ts";
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

  it("clears what a killed worker left half copied, and leaves what may still be at work", async () => {
    const { key, folder } = await bundle();
    const target = store.localPath(key);
    const [left, active] = [`${target}.partial-0123456789ab`, `${target}.partial-ba9876543210`];
    for (const path of [left, active]) await mkdir(path, { recursive: true });
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(left, longAgo, longAgo);
    await store.takeIn(key, folder);
    expect((await readdir(dirname(target))).filter((name) => name.startsWith(key)).sort()).toEqual(
      [key, `${key}.partial-ba9876543210`].sort(),
    );
    await rm(active, { recursive: true });
  });

  it("keeps a bundle that outlives the folder it came from", async () => {
    const { key, folder, text } = await bundle();
    await store.takeIn(key, folder);
    await rm(folder, { recursive: true });
    expect((await bytesOf(key, "manifest.json")).toString()).toBe(text);
    expect((await bytesOf(key, "originals/clip.mp4")).toString()).toBe("0123456789");
    expect(await store.sizeOf(key, "originals/clip.mp4")).toBe(10);
  });

  it("keeps an original from memory, in plain nowhere", async () => {
    const bytes = Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(200_000, "a name ")]);
    await store.keepOriginal("doc_1", "document.pdf", bytes);
    expect((await bytesOf("doc_1", "originals/document.pdf")).equals(bytes)).toBe(true);
    const stored = await readFile(join(store.localPath("doc_1"), "originals", "document.pdf.enc"));
    expect(stored.includes("a name")).toBe(false);
    await store.keepOriginal("doc_1", "document.pdf", Buffer.from("another"));
    expect(await store.sizeOf("doc_1", "originals/document.pdf")).toBe(bytes.length);
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

  it("keeps originals where only whoever has the site's key can read them, and the rest in plain", async () => {
    const { key, folder, text } = await bundle();
    await mkdir(join(folder, "masked"));
    await writeFile(join(folder, "masked", "still.jpg"), "a masked picture");
    await store.takeIn(key, folder);
    const at = store.localPath(key);
    expect(await readdir(at, { recursive: true })).toEqual(
      expect.arrayContaining([
        BUNDLE_KEY_FILE,
        "manifest.json",
        "masked/still.jpg",
        "originals/clip.mp4.enc",
      ]),
    );
    expect(await readFile(join(at, "manifest.json"), "utf8")).toBe(text);
    expect(await readFile(join(at, "masked", "still.jpg"), "utf8")).toBe("a masked picture");
    expect(await readFile(join(at, "originals", "clip.mp4.enc"), "latin1")).not.toContain("0123");
    const stranger = new FolderObjectStore(join(home, "objects"), join(home, "other-keys"));
    await expect(
      buffer(stranger.read(key, "originals/clip.mp4", { start: 0, end: 1 })),
    ).rejects.toMatchObject({
      code: "store.object_key_unusable",
    });
  });

  it("shows a bundle to whoever verifies it as it was sealed", async () => {
    const { key, folder, text } = await bundle();
    await store.takeIn(key, folder);
    const [sealed, stored] = [await openFolder(folder), await store.openBundle(key)];
    expect(stored.entries.filter(({ kind }) => kind === "file")).toEqual(
      sealed.entries.filter(({ kind }) => kind === "file"),
    );
    for (const path of ["manifest.json", "originals/clip.mp4"])
      expect(await stored.digest(path)).toEqual(await sealed.digest(path));
    expect(Buffer.from(await stored.read("manifest.json")).toString()).toBe(text);
    await expect(store.openBundle("cnd_unknown")).rejects.toMatchObject({ code: "store.object_missing" });
  });

  it("has another digest or size for an original that was changed or cut, and no bytes", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    const path = join(store.localPath(key), "originals", "clip.mp4.enc");
    const sealed = await (await openFolder(folder)).digest("originals/clip.mp4");
    const bytes = await readFile(path);
    await writeFile(
      path,
      bytes.map((byte, index) => (index === 12 ? byte ^ 1 : byte)),
    );
    const source = await store.openBundle(key);
    expect(await source.digest("originals/clip.mp4")).not.toEqual(sealed);
    await expect(source.read("originals/clip.mp4")).rejects.toMatchObject({ code: "store.object_damaged" });
    await writeFile(path, bytes.subarray(0, 20));
    expect(
      (await store.openBundle(key)).entries.find(({ path }) => path === "originals/clip.mp4"),
    ).toMatchObject({
      sizeBytes: 0,
    });
    await expect(bytesOf(key, "originals/clip.mp4", 0, 1)).rejects.toMatchObject({
      code: "store.object_damaged",
    });
  });

  it("does not take an original of one bundle for that of another", async () => {
    const [first, second] = [await bundle(), await bundle()];
    for (const { key, folder } of [first, second]) await store.takeIn(key, folder);
    const [from, to] = [first, second].map(({ key }) =>
      join(store.localPath(key), "originals", "clip.mp4.enc"),
    );
    await writeFile(to ?? "", await readFile(from ?? ""));
    await expect(bytesOf(second.key, "originals/clip.mp4")).rejects.toMatchObject({
      code: "store.object_damaged",
    });
  });

  it("reads on after the site's key was rotated, with the originals untouched", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    const stored = () => readFile(join(store.localPath(key), "originals", "clip.mp4.enc"));
    const before = await stored();
    const now = new Date("2026-03-10T01:00:00Z");
    await store.rotateKey(now);
    expect((await bytesOf(key, "originals/clip.mp4")).toString()).toBe("0123456789");
    const { rewrapped, dropped } = await store.rewrapKeys(new Date(now.getTime() + RETIRED_FOR_MS));
    expect([rewrapped > 0, dropped.length]).toEqual([true, 1]);
    expect(await store.rewrapKeys(now)).toEqual({ rewrapped: 0, dropped: [] });
    expect((await bytesOf(key, "originals/clip.mp4")).toString()).toBe("0123456789");
    expect((await stored()).equals(before)).toBe(true);
  });

  it("makes what it destroys unreadable first, and can be killed and asked again", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    const at = store.localPath(key);
    // Killed right after its first step.
    await rm(join(at, BUNDLE_KEY_FILE));
    await expect(bytesOf(key, "originals/clip.mp4")).rejects.toMatchObject({ code: "store.object_shredded" });
    await cp(at, `${at}.partial-0123456789ab`, { recursive: true });
    await store.destroy(key);
    await store.destroy(key);
    expect((await readdir(dirname(at))).filter((name) => name.startsWith(key))).toEqual([]);
    await expect(store.sizeOf(key, "manifest.json")).rejects.toMatchObject({ code: "store.object_missing" });
  });

  it("wraps on when the key of one bundle is damaged, names that one, and drops no old key then", async () => {
    const own = new FolderObjectStore(join(home, "others"), join(home, "other-ring"));
    const [first, damaged, last] = [await bundle(), await bundle(), await bundle()];
    for (const { key, folder } of [first, damaged, last]) await own.takeIn(key, folder);
    const at = join(own.localPath(damaged.key), BUNDLE_KEY_FILE);
    const whole = await readFile(at);
    await writeFile(at, "{}");
    const now = new Date("2026-03-10T01:00:00Z");
    const newest = await own.rotateKey(now);
    const dayLater = new Date(now.getTime() + RETIRED_FOR_MS);
    await expect(own.rewrapKeys(dayLater)).rejects.toMatchObject({
      code: "store.object_key_unusable",
      message: expect.stringMatching(new RegExp(`^1 of 3 .*${damaged.key}`)),
    });
    for (const { key } of [first, last])
      expect(await readFile(join(own.localPath(key), BUNDLE_KEY_FILE), "utf8")).toContain(newest);
    await writeFile(at, whole);
    expect(await own.rewrapKeys(dayLater)).toMatchObject({ rewrapped: 1, dropped: [expect.any(String)] });
  });

  it("leaves nothing inside a bundle when it is killed while it wraps a key anew, and destroys that too", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    const at = store.localPath(key);
    const [fresh, old] = [`${at}.partial-0123456789ab`, `${at}.partial-ba9876543210`];
    for (const draft of [fresh, old]) await cp(join(at, BUNDLE_KEY_FILE), draft);
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, longAgo, longAgo);
    await store.rewrapKeys(new Date("2026-03-10T01:00:00Z"));
    const beside = async () => (await readdir(dirname(at))).filter((name) => name.startsWith(key)).sort();
    expect(await beside()).toEqual([key, `${key}.partial-0123456789ab`]);
    await store.destroy(key);
    expect(await beside()).toEqual([]);
  });

  it("shows an original that somebody put there in plain as none of ours", async () => {
    const { key, folder } = await bundle();
    await store.takeIn(key, folder);
    const sealed = join(store.localPath(key), "originals", "clip.mp4.enc");
    const shown = async () =>
      (await store.openBundle(key)).entries.filter(({ path }) => path.startsWith("originals/"));
    await writeFile(join(folder, "planted"), "0123456789");
    await cp(join(folder, "planted"), sealed.slice(0, -".enc".length));
    const planted = [{ path: "originals/clip.mp4", kind: "other", sizeBytes: 10 }];
    expect(await shown()).toEqual(planted);
    await rm(sealed);
    expect(await shown()).toEqual(planted);
  });

  it("shows nothing half done beside the bundles", async () => {
    const names = await readdir(join(home, "objects"), { recursive: true });
    expect(names.filter((name) => name.includes("partial"))).toEqual([]);
  });
});
