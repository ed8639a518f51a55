import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { writeBundle } from "./bundle-writer.ts";
import { NotABundleError } from "./errors.ts";
import { makeInput, tempDir, tempDirForFile } from "./testing/bundle-fixture.ts";
import { verifyBundle } from "./verify.ts";

let files: Record<string, Uint8Array>;

beforeAll(async () => {
  const { dir, manifest } = await writeBundle(await makeInput({ outDir: await tempDirForFile() }));
  const names = ["manifest.json", "seal.json", ...manifest.files.map((file) => file.path)];
  const read = names.map(async (name) => [name, new Uint8Array(await readFile(join(dir, name)))] as const);
  files = Object.fromEntries(await Promise.all(read));
}, 60_000);

async function zipped(bytes: Uint8Array, name = "bundle.zip"): Promise<string> {
  const path = join(await tempDir(), name);
  await writeFile(path, bytes);
  return path;
}

const verifyZip = async (content: Zippable) => verifyBundle(await zipped(zipSync(content)));
const codes = ({ problems }: { problems: readonly { code: string }[] }) =>
  problems.map((problem) => problem.code);

/** Overwrites every occurrence of a name in a zip by another of the same length. */
function renameInZip(bytes: Uint8Array, from: string, to: string): Uint8Array {
  expect(to.length).toBe(from.length);
  return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(from, to), "latin1");
}

describe("a bundle as a zip", () => {
  it("is intact with and without a folder around it, packed or only stored", async () => {
    expect(await verifyZip(files)).toMatchObject({ ok: true, bundleId: "cnd_0001" });
    expect(await verifyZip({ cnd_0001: files })).toMatchObject({ ok: true, problems: [] });
    expect((await verifyBundle(await zipped(zipSync(files, { level: 0 }), "no-ending"))).ok).toBe(true);
  });

  it("names changed, missing and added files, also beside the folder", async () => {
    const changed = { ...files, "originals/clip.mp4": new Uint8Array(4096) };
    expect(await verifyZip(changed)).toMatchObject({
      problems: [{ code: "file.hash_mismatch", file: "originals/clip.mp4" }],
    });
    const { "seal.json": _seal, ...unsealed } = files;
    expect(codes(await verifyZip(unsealed))).toEqual(["seal.missing"]);
    const extra = { cnd_0001: files, "readme.txt": new Uint8Array(1) };
    expect((await verifyZip(extra)).problems).toMatchObject([{ code: "file.extra", file: "../readme.txt" }]);
  });

  it("never follows names that lead outside", async () => {
    const bait = { ...files, "masked/trap.txt": new Uint8Array(3) };
    for (const evil of ["../../trap2.txt", "/etc/trap_2.txt", "a\\..\\trap22.txt", "C:/User/trap.tx"]) {
      const bytes = renameInZip(zipSync(bait), "masked/trap.txt", evil);
      expect(codes(await verifyBundle(await zipped(bytes)))).toEqual(["zip.unsafe_path"]);
    }
  });

  it("names an entry that is there twice", async () => {
    const twice = renameInZip(
      zipSync({ ...files, "seal.jsox": new Uint8Array(1) }),
      "seal.jsox",
      "seal.json",
    );
    expect(codes(await verifyBundle(await zipped(twice)))).toContain("zip.duplicate_entry");
  });

  it("refuses bombs before unpacking them", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`masked/${index}`, new Uint8Array(1)]),
    );
    expect(codes(await verifyZip({ ...files, ...many }))).toEqual(["zip.too_many_entries"]);
    const bytes = Buffer.from(zipSync({ ...files, "masked/bomb": new Uint8Array(10) }));
    // Both places that describe it claim 3 GiB for it.
    bytes.writeUInt32LE(3 * 1024 ** 3, bytes.lastIndexOf("masked/bomb") - 46 + 24);
    bytes.writeUInt32LE(3 * 1024 ** 3, bytes.indexOf("masked/bomb") - 30 + 22);
    expect((await verifyBundle(await zipped(bytes))).problems).toMatchObject([
      { code: "zip.too_big", file: "masked/bomb" },
    ]);
  });

  it("is not fooled by a size that is too small for its content", async () => {
    const bytes = Buffer.from(zipSync(files));
    const entry = bytes.lastIndexOf("originals/clip.mp4") - 46;
    bytes.writeUInt32LE(100, entry + 24);
    const result = await verifyBundle(await zipped(bytes));
    expect(result.ok).toBe(false);
  });

  const packers = {
    "zip -r": ["zip", "-q", "-r", "out.zip", "证据 cnd_0001"],
    "zip -r -0": ["zip", "-q", "-r", "-0", "out.zip", "证据 cnd_0001"],
    "python -m zipfile": ["python3", "-m", "zipfile", "-c", "out.zip", "证据 cnd_0001"],
  };
  for (const [name, [program = "", ...args]] of Object.entries(packers)) {
    const isThere = spawnSync(program, ["--help"]).status === 0;
    if (!isThere) console.warn(`skipped: ${program} is not here, so its zips cannot be read`);

    it.skipIf(!isThere)(`is intact when it was packed anew by ${name}`, async () => {
      const dir = await tempDir();
      const folder = join(dir, "证据 cnd_0001");
      for (const [path, bytes] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), bytes);
      }
      execFileSync(program, args, { cwd: dir });
      expect(await verifyBundle(join(dir, "out.zip"))).toMatchObject({ ok: true, problems: [] });
    });
  }

  it("is broken when cut off or garbled, and none when it holds other things", async () => {
    const bytes = zipSync(files);
    for (const spoilt of [bytes.subarray(0, bytes.length / 2), new Uint8Array(0), new Uint8Array(5000)])
      expect(codes(await verifyBundle(await zipped(spoilt)))).toEqual(["zip.unreadable"]);
    await expect(verifyZip({ "holiday.jpg": new Uint8Array(3) })).rejects.toThrow(NotABundleError);
    await expect(verifyZip({})).rejects.toThrow(NotABundleError);
  });
});
