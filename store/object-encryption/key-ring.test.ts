import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE_KEY_FILE, makeBundleKey, readBundleKey, rewrapBundleKey } from "./bundle-key.ts";
import { KEY_RING_FILE, KeyRing, RETIRED_FOR_MS } from "./key-ring.ts";

const start = new Date("2026-03-10T01:00:00Z");
const later = (ms: number) => new Date(start.getTime() + ms);

describe("the site's keys for originals", () => {
  let home: string;
  let made = 0;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "forewarn-ring-"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function place(): Promise<{ dir: string; ring: KeyRing; folder: string }> {
    made += 1;
    const [dir, folder] = [join(home, `keys-${made}`), join(home, `bundle-${made}`)];
    await mkdir(folder);
    return { dir, ring: new KeyRing(dir), folder };
  }

  it("are made at the first use, for nobody else to read", async () => {
    const { dir, ring } = await place();
    const { id, key } = await ring.current();
    expect(key).toHaveLength(32);
    expect((await ring.find(id)).key.equals(key)).toBe(true);
    expect((await stat(join(dir, KEY_RING_FILE))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual([KEY_RING_FILE]);
  });

  it("are the same for all that start at once", async () => {
    const { dir } = await place();
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => (await new KeyRing(dir).current()).id),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it("are refused when others can read them, or when they are damaged", async () => {
    const { dir, ring } = await place();
    await ring.current();
    const path = join(dir, KEY_RING_FILE);
    await chmod(path, 0o644);
    await expect(ring.current()).rejects.toThrow(/chmod 600/);
    await chmod(path, 0o600);
    const text = await readFile(path, "utf8");
    for (const damaged of [
      "",
      "{}",
      text.slice(0, -5),
      text.replace('"retiredAt": null', '"retiredAt": "then"'),
    ]) {
      await writeFile(path, damaged);
      await expect(ring.current()).rejects.toMatchObject({ code: "store.object_key_unusable" });
    }
  });

  it("are all there after changes that came at once: none that wraps something is lost", async () => {
    const { dir, ring } = await place();
    const first = (await ring.current()).id;
    const old = await Promise.all(Array.from({ length: 3 }, () => new KeyRing(dir).rotate(start)));
    const day = later(RETIRED_FOR_MS);
    const [made, ...dropped] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, () => new KeyRing(dir).rotate(day))),
      ...Array.from({ length: 4 }, () => new KeyRing(dir).dropUnused(new Set(old), day)),
    ]);
    expect(dropped.flat()).toEqual([first]);
    for (const id of [...old, ...made]) expect((await ring.find(id)).id).toBe(id);
    expect(await readdir(dir)).toEqual([KEY_RING_FILE]);
  });

  it("wrap a bundle's key, which is nowhere in plain", async () => {
    const { ring, folder } = await place();
    const key = await makeBundleKey(folder, "cnd_1", ring);
    expect((await readBundleKey(folder, "cnd_1", ring))?.equals(key)).toBe(true);
    expect(await readFile(join(folder, BUNDLE_KEY_FILE), "utf8")).not.toContain(key.toString("base64"));
  });

  it("do not open what was wrapped for another bundle, changed, or under a key that is lost", async () => {
    const { ring, folder } = await place();
    await makeBundleKey(folder, "cnd_1", ring);
    const path = join(folder, BUNDLE_KEY_FILE);
    const wrapped = JSON.parse(await readFile(path, "utf8"));
    await expect(readBundleKey(folder, "cnd_2", ring)).rejects.toMatchObject({
      code: "store.object_damaged",
    });
    const put = (change: object) => writeFile(path, JSON.stringify({ ...wrapped, ...change }));
    await put({ bundleId: "cnd_2" });
    await expect(readBundleKey(folder, "cnd_2", ring)).rejects.toMatchObject({
      code: "store.object_damaged",
    });
    const turned = Buffer.from(wrapped.wrapped, "base64");
    turned[3] = (turned[3] ?? 0) ^ 1;
    await put({ wrapped: turned.toString("base64") });
    await expect(readBundleKey(folder, "cnd_1", ring)).rejects.toThrow(/was changed/);
    await put({ algorithm: "none" });
    await expect(readBundleKey(folder, "cnd_1", ring)).rejects.toMatchObject({
      code: "store.object_key_unusable",
    });
    await put({});
    const stranger = await place();
    await stranger.ring.current();
    await expect(readBundleKey(folder, "cnd_1", stranger.ring)).rejects.toThrow(/does not hold key/);
    expect(await readBundleKey(stranger.folder, "cnd_1", ring)).toBeUndefined();
  });

  it("are rotated without touching what they wrapped, and the old one goes only when nothing needs it", async () => {
    const { ring, folder } = await place();
    const key = await makeBundleKey(folder, "cnd_1", ring);
    const old = (await ring.current()).id;
    const fresh = await ring.rotate(start);
    expect((await ring.current()).id).toBe(fresh);
    expect((await readBundleKey(folder, "cnd_1", ring))?.equals(key)).toBe(true);
    expect(await ring.dropUnused(new Set([old]), later(RETIRED_FOR_MS))).toEqual([]);
    expect([
      await rewrapBundleKey(folder, "cnd_1", ring),
      await rewrapBundleKey(folder, "cnd_1", ring),
    ]).toEqual([true, false]);
    expect((await readBundleKey(folder, "cnd_1", ring))?.equals(key)).toBe(true);
    expect(await ring.dropUnused(new Set([fresh]), later(RETIRED_FOR_MS - 1))).toEqual([]);
    expect(await ring.dropUnused(new Set([fresh]), later(RETIRED_FOR_MS))).toEqual([old]);
    expect((await readBundleKey(folder, "cnd_1", ring))?.equals(key)).toBe(true);
    await expect(ring.find(old)).rejects.toMatchObject({ code: "store.object_key_unusable" });
  });
});
