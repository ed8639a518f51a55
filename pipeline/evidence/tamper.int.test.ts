import { appendFile, cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeBundle } from "./bundle-writer.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { NotABundleError } from "./errors.ts";
import type { Manifest, Seal } from "./manifest-schema.ts";
import { makeSeal } from "./seal.ts";
import type { SiteKey } from "./site-key.ts";
import { makeCandidate, makeInput, newSiteKey, tempDir, tempDirForFile } from "./testing/bundle-fixture.ts";
import { type Random, randomFrom } from "./testing/seeded.ts";
import { verifyBundle } from "./verify.ts";

/** What needs no folder is tried by the thousand in tamper.test.ts. */
const ROUNDS = 5;

let intact: string;
let dir: string;
let manifest: Manifest;
let siteKey: SiteKey;
let otherSeal: Buffer;

beforeAll(async () => {
  const outDir = await tempDirForFile();
  siteKey = newSiteKey();
  ({ dir: intact, manifest } = await writeBundle(await makeInput({ outDir, siteKey })));
  const candidate = makeCandidate({ candidateId: "cnd_0002" });
  const other = await writeBundle(await makeInput({ outDir, siteKey, candidate }));
  otherSeal = await readFile(join(other.dir, "seal.json"));
  dir = join(outDir, "tampered");
}, 60_000);

interface Mutation {
  readonly what: string;
  /** Spoils the copy in `dir`. @returns what verify has to name: a code (or its beginning) and the file */
  apply(random: Random): Promise<{ code: string; file: string }[]>;
}

const listed = (random: Random) => manifest.files[random(manifest.files.length)]?.path ?? "manifest.json";

async function editJson<T>(file: string, change: (value: T) => unknown): Promise<void> {
  const path = join(dir, file);
  await writeFile(path, canonicalBytes(change(JSON.parse(await readFile(path, "utf8")) as T)));
}

async function flipBit(file: string, random: Random): Promise<void> {
  const bytes = await readFile(join(dir, file));
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  await writeFile(join(dir, file), bytes);
}

const MUTATIONS: readonly Mutation[] = [
  {
    what: "one bit of a listed file",
    async apply(random) {
      const file = listed(random);
      await flipBit(file, random);
      return [{ code: "file.hash_mismatch", file }];
    },
  },
  {
    what: "one bit of the manifest",
    async apply(random) {
      await flipBit("manifest.json", random);
      return [{ code: "seal.manifest_mismatch", file: "seal.json" }];
    },
  },
  {
    what: "one bit of the seal",
    async apply(random) {
      await flipBit("seal.json", random);
      return [{ code: "seal.", file: "seal.json" }];
    },
  },
  {
    what: "a file cut short",
    async apply(random) {
      const file = [listed(random), "manifest.json", "seal.json"][random(3)] ?? "seal.json";
      const { length } = await readFile(join(dir, file));
      await truncate(join(dir, file), random(length));
      const code = { "manifest.json": "manifest.unreadable", "seal.json": "seal.unreadable" }[file];
      return [{ code: code ?? "file.size_changed", file }];
    },
  },
  {
    what: "bytes at the end of a file",
    async apply(random) {
      const file = [listed(random), "manifest.json", "seal.json"][random(3)] ?? "seal.json";
      await appendFile(join(dir, file), " \n\t".charAt(random(3)));
      const code = { "manifest.json": "manifest.not_canonical", "seal.json": "seal.not_canonical" }[file];
      return [{ code: code ?? "file.size_changed", file }];
    },
  },
  {
    what: "a file gone",
    async apply(random) {
      const file = [listed(random), "manifest.json", "seal.json"][random(3)] ?? "seal.json";
      await rm(join(dir, file));
      const code = { "manifest.json": "manifest.missing", "seal.json": "seal.missing" }[file];
      return [{ code: code ?? "file.missing", file }];
    },
  },
  {
    what: "a file or folder too many",
    async apply(random) {
      const file = ["originals/extra.jpg", "masked/.hidden", "note.txt", "more"][random(4)] ?? "more";
      if (file === "more") await mkdir(join(dir, file));
      else await writeFile(join(dir, file), "x");
      return [{ code: file === "more" ? "folder.extra" : "file.extra", file }];
    },
  },
  {
    what: "a file under another name",
    async apply(random) {
      const file = listed(random);
      await rename(join(dir, file), join(dir, `${file}.bak`));
      return [
        { code: "file.missing", file },
        { code: "file.extra", file: `${file}.bak` },
      ];
    },
  },
  {
    what: "a file replaced by a link to the very same bytes",
    async apply(random) {
      const file = listed(random);
      await rm(join(dir, file));
      await symlink(join(intact, file), join(dir, file));
      return [{ code: "file.not_regular", file }];
    },
  },
  {
    what: "a fact of the manifest, written canonically",
    async apply(random) {
      const field = ["dwellMs", "unobservedMs", "score", "triggeredPtsSec"][random(4)] ?? "score";
      await editJson<Manifest>("manifest.json", (value) => ({
        ...value,
        candidate: { ...value.candidate, [field]: 1_000 + random(1_000) },
      }));
      return [{ code: "seal.manifest_mismatch", file: "seal.json" }];
    },
  },
  {
    what: "a picture exchanged and the manifest made to fit",
    async apply(random) {
      const file = listed(random);
      await writeFile(join(dir, file), "another picture");
      await editJson<Manifest>("manifest.json", (value) => ({
        ...value,
        files: value.files.filter((entry) => entry.path !== file),
      }));
      return [{ code: "seal.manifest_mismatch", file: "seal.json" }];
    },
  },
  {
    what: "a field of the seal, written canonically",
    async apply(random) {
      const edits: Partial<Seal>[] = [
        { sequence: 2 + random(9) },
        { signedAt: "2020-01-01T00:00:00.000Z" },
        { bundleId: "cnd_9999" },
        { cameraId: "cam-999" },
        { keyId: "0123456789abcdef" },
        { previousManifestSha256: "0".repeat(64) },
      ];
      await editJson<Seal>("seal.json", (value) => ({ ...value, ...edits[random(edits.length)] }));
      return [{ code: "seal.signature_invalid", file: "seal.json" }];
    },
  },
  {
    what: "the seal of another bundle of this site",
    async apply() {
      await writeFile(join(dir, "seal.json"), otherSeal);
      return [
        { code: "seal.manifest_mismatch", file: "seal.json" },
        { code: "seal.link_mismatch", file: "seal.json" },
      ];
    },
  },
  {
    what: "everything made to fit and sealed with somebody else's key",
    async apply(random) {
      const forged = { ...manifest, candidate: { ...manifest.candidate, dwellMs: random(1_000_000) } };
      const bytes = canonicalBytes(forged);
      await writeFile(join(dir, "manifest.json"), bytes);
      await writeFile(join(dir, "seal.json"), canonicalBytes(makeSeal(forged, bytes, newSiteKey(), 0)));
      return [{ code: "seal.untrusted_key", file: "seal.json" }];
    },
  },
];

describe("a tampered bundle", () => {
  it("is intact before", async () => {
    const trustedKeys = [siteKey.publicKeyPem];
    expect(await verifyBundle(intact, { trustedKeys })).toMatchObject({ ok: true, problems: [] });
  });

  it.each(MUTATIONS)(`is found out, ${ROUNDS} times: $what`, async ({ what, apply }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await cp(intact, dir, { recursive: true });
      const expected = await apply(randomFrom(round * 7919 + what.length));
      const result = await verifyBundle(dir, { trustedKeys: [siteKey.publicKeyPem] });
      const label = `${what}, round ${round}: ${JSON.stringify(result.problems)}`;
      expect(result.ok, label).toBe(false);
      for (const { code, file } of expected)
        expect(
          result.problems.some((problem) => problem.code.startsWith(code) && problem.file === file),
          label,
        ).toBe(true);
      // Exactly the files that were touched are named, no innocent one; the manifest and its seal go together.
      const touched = new Set([...expected.map(({ file }) => file), "manifest.json", "seal.json"]);
      if (what.includes("manifest")) for (const { path } of manifest.files) touched.add(path);
      for (const problem of result.problems) expect(touched.has(problem.file ?? ""), label).toBe(true);
      await rm(dir, { recursive: true });
    }
  });
});

describe("what is no bundle", () => {
  it("is said to be none", async () => {
    const empty = await tempDir();
    await writeFile(join(empty, "photo.jpg"), "x");
    for (const path of [
      join(empty, "nowhere"),
      empty,
      join(empty, "photo.jpg"),
      join(empty, "photo.jpg", "x"),
    ])
      await expect(verifyBundle(path)).rejects.toThrow(NotABundleError);
  });
});
