import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHUNK_BYTES, HEADER_BYTES, plainSize, SEALED_CHUNK_BYTES, sealedSize } from "./chunk-format.ts";
import { decryptRange, encryptFile } from "./encrypted-file.ts";

const name = { bundleId: "cnd_1", path: "originals/clip.mp4" };
const whole = { start: 0, end: Number.MAX_SAFE_INTEGER };

describe("an encrypted file", () => {
  let home: string;
  let made = 0;
  const key = randomBytes(32);
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "forewarn-chunks-"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function encrypted(plain: Buffer): Promise<string> {
    made += 1;
    const [from, to] = [join(home, `${made}`), join(home, `${made}.enc`)];
    await writeFile(from, plain);
    await encryptFile(from, to, name, key);
    return to;
  }

  async function read(path: string, range = whole, as = name, by = key): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of decryptRange(path, as, by, range)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  const sizes = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 77];

  it.each(sizes)("of %i bytes comes back as it was, and its size is told by its length", async (size) => {
    const plain = randomBytes(size);
    const path = await encrypted(plain);
    const stored = await readFile(path);
    expect([stored.length, plainSize(stored.length)]).toEqual([sealedSize(size), size]);
    expect((await read(path)).equals(plain)).toBe(true);
    if (size > 16) expect(stored.includes(plain.subarray(0, 16))).toBe(false);
  });

  it("gives any range of bytes, and only those", async () => {
    const plain = randomBytes(3 * CHUNK_BYTES + 77);
    const path = await encrypted(plain);
    const place = fc.integer({ min: 0, max: plain.length + 10 });
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect((await read(path, { start, end })).equals(plain.subarray(start, end + 1))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("has no size that nothing of ours would have", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * SEALED_CHUNK_BYTES }), (bytes) => {
        const size = plainSize(bytes);
        if (size !== null) expect(sealedSize(size)).toBe(bytes);
      }),
    );
    for (const bytes of [
      0,
      HEADER_BYTES,
      HEADER_BYTES + 15,
      sealedSize(CHUNK_BYTES) + 1,
      sealedSize(CHUNK_BYTES) + 16,
    ])
      expect(plainSize(bytes), String(bytes)).toBeNull();
  });

  it("is never the same twice, so nobody learns that two are alike", async () => {
    const plain = Buffer.alloc(1000);
    const [first, second] = [await encrypted(plain), join(home, "other.enc")];
    await encryptFile(join(home, `${made}`), second, name, randomBytes(32));
    expect((await readFile(first)).equals(await readFile(second))).toBe(false);
  });

  describe("that was tampered with is refused", () => {
    const plain = randomBytes(2 * CHUNK_BYTES + 500);
    const refused = { code: "store.object_damaged" };

    async function changed(change: (stored: Buffer) => Buffer): Promise<string> {
      const path = await encrypted(plain);
      await writeFile(path, change(await readFile(path)));
      return path;
    }
    const chunk = (stored: Buffer, index: number) =>
      stored.subarray(
        HEADER_BYTES + index * SEALED_CHUNK_BYTES,
        HEADER_BYTES + (index + 1) * SEALED_CHUNK_BYTES,
      );

    it("wherever a bit is turned over", async () => {
      const total = sealedSize(plain.length);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: total - 1 }),
          fc.integer({ min: 0, max: 7 }),
          async (at, bit) => {
            const path = await changed((stored) => {
              stored[at] = (stored[at] ?? 0) ^ (1 << bit);
              return stored;
            });
            await expect(read(path)).rejects.toMatchObject(refused);
          },
        ),
        { numRuns: 40 },
      );
    });

    it.each([
      ["cut by a byte", (stored: Buffer) => stored.subarray(0, -1)],
      [
        "cut at the end of a piece",
        (stored: Buffer) => stored.subarray(0, HEADER_BYTES + 2 * SEALED_CHUNK_BYTES),
      ],
      ["cut to its header", (stored: Buffer) => stored.subarray(0, HEADER_BYTES)],
      ["emptied", () => Buffer.alloc(0)],
      ["extended", (stored: Buffer) => Buffer.concat([stored, Buffer.alloc(40)])],
      [
        "its pieces in another order",
        (stored: Buffer) =>
          Buffer.concat([
            stored.subarray(0, HEADER_BYTES),
            chunk(stored, 1),
            chunk(stored, 0),
            chunk(stored, 2),
          ]),
      ],
      [
        "a piece twice",
        (stored: Buffer) =>
          Buffer.concat([
            stored.subarray(0, HEADER_BYTES),
            chunk(stored, 0),
            chunk(stored, 0),
            chunk(stored, 2),
          ]),
      ],
    ])("%s", async (_, change) => {
      await expect(read(await changed(change))).rejects.toMatchObject(refused);
    });

    it("also when only bytes before the cut are asked for", async () => {
      const path = await changed((stored) => stored.subarray(0, HEADER_BYTES + 2 * SEALED_CHUNK_BYTES));
      await expect(read(path, { start: 0, end: 9 })).rejects.toMatchObject(refused);
    });

    it("under another name, another bundle or another key", async () => {
      const path = await encrypted(plain);
      await expect(read(path, whole, { ...name, path: "originals/other.mp4" })).rejects.toMatchObject(
        refused,
      );
      await expect(read(path, whole, { ...name, bundleId: "cnd_2" })).rejects.toMatchObject(refused);
      await expect(read(path, whole, name, randomBytes(32))).rejects.toMatchObject(refused);
    });
  });
});
