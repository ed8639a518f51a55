import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import type { Manifest, Seal } from "./manifest-schema.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { verifySource } from "./portable/verify-source.ts";
import { makeSeal } from "./seal.ts";
import { SEAL_ALGORITHMS } from "./site-key.ts";
import { newSiteKey } from "./testing/bundle-fixture.ts";
import { type MemoryBundle, makeMemoryBundle, memorySource } from "./testing/memory-bundle.ts";
import { pick, type Random, randomFrom } from "./testing/seeded.ts";

const GOOD = 1_000;
/** Of each kind, with each algorithm. */
const ROUNDS = 100;

const keys = { Ed25519: newSiteKey("Ed25519"), SM2: newSiteKey("SM2") };
const foreign = { Ed25519: newSiteKey("Ed25519"), SM2: newSiteKey("SM2") };
const verify = (files: ReadonlyMap<string, Buffer>, algorithm: keyof typeof keys) =>
  verifySource(memorySource(files), nodeCrypto, { trustedKeys: [keys[algorithm].publicKeyPem] });

interface Touched {
  /** What has to be named: a code, or its beginning, and the file. */
  readonly named: readonly { readonly code: string; readonly file: string }[];
  /** May be named besides: they say so, too. */
  readonly also?: readonly string[];
}

interface Mutation {
  readonly what: string;
  apply(
    files: Map<string, Buffer>,
    bundle: MemoryBundle,
    random: Random,
    algorithm: keyof typeof keys,
  ): Touched;
}

const bytesOf = (files: Map<string, Buffer>, path: string) => Buffer.from(files.get(path) ?? raise(path));
const listed = (bundle: MemoryBundle, random: Random) => pick(random, bundle.manifest.files).path;
const documents = ["manifest.json", "seal.json"] as const;
const everyFile = (bundle: MemoryBundle) => bundle.manifest.files.map(({ path }) => path);

function flipBit(files: Map<string, Buffer>, path: string, random: Random): void {
  const bytes = bytesOf(files, path);
  const at = random(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random(8)), at);
  files.set(path, bytes);
}

function editJson<T>(files: Map<string, Buffer>, path: string, change: (value: T) => unknown): void {
  files.set(path, canonicalBytes(change(JSON.parse(bytesOf(files, path).toString("utf8")) as T)));
}

/** Records of the manifest whose order and number say something. */
const RECORDS = ["files", "ledger", "frames"] as const;

const MUTATIONS: readonly Mutation[] = [
  {
    what: "a bit of a file",
    apply(files, bundle, random) {
      const file = listed(bundle, random);
      flipBit(files, file, random);
      return { named: [{ code: "file.hash_mismatch", file }] };
    },
  },
  {
    what: "a bit of the manifest",
    apply(files, bundle, random) {
      flipBit(files, "manifest.json", random);
      // What it now says of files, or that it cannot be read, is said as well.
      return {
        named: [{ code: "seal.manifest_mismatch", file: "seal.json" }],
        also: ["manifest.json", ...everyFile(bundle)],
      };
    },
  },
  {
    what: "a bit of the seal",
    apply(files, _bundle, random) {
      flipBit(files, "seal.json", random);
      return { named: [{ code: "seal.", file: "seal.json" }] };
    },
  },
  {
    what: "a file cut off",
    apply(files, bundle, random) {
      const file = listed(bundle, random);
      const bytes = bytesOf(files, file);
      files.set(file, bytes.subarray(0, random(bytes.length)));
      return { named: [{ code: "file.size_changed", file }] };
    },
  },
  {
    what: "a document cut off",
    apply(files, bundle, random) {
      const file = pick(random, documents);
      const bytes = bytesOf(files, file);
      files.set(file, bytes.subarray(0, random(bytes.length)));
      return {
        named: [{ code: `${file.split(".")[0]}.unreadable`, file }],
        also: [...documents, ...everyFile(bundle)],
      };
    },
  },
  {
    what: "something at the end of a file",
    apply(files, bundle, random) {
      const file = pick(random, [listed(bundle, random), ...documents]);
      files.set(file, Buffer.concat([bytesOf(files, file), Buffer.from(pick(random, [" ", "\n", "\t"]))]));
      const code = { "manifest.json": "manifest.not_canonical", "seal.json": "seal.not_canonical" }[file];
      return { named: [{ code: code ?? "file.size_changed", file }], also: documents };
    },
  },
  {
    what: "a file gone",
    apply(files, bundle, random) {
      const file = pick(random, [listed(bundle, random), ...documents]);
      files.delete(file);
      const code = { "manifest.json": "manifest.missing", "seal.json": "seal.missing" }[file];
      return { named: [{ code: code ?? "file.missing", file }] };
    },
  },
  {
    what: "a file too many",
    apply(files, _bundle, random) {
      const file = pick(random, [
        "originals/extra.jpg",
        "masked/.hidden",
        "note.txt",
        "verify.mjs",
        "export.json",
      ]);
      files.set(file, Buffer.from("x"));
      return { named: [{ code: "file.extra", file }] };
    },
  },
  {
    what: "two files exchanged",
    apply(files, bundle, random) {
      const [one, other] = [listed(bundle, random), listed(bundle, random)];
      const [first, second] = [bytesOf(files, one), bytesOf(files, other)];
      if (first.equals(second)) return this.apply(files, bundle, random, "Ed25519");
      files.set(one, second);
      files.set(other, first);
      return { named: [one, other].map((file) => ({ code: "file.", file })) };
    },
  },
  {
    what: "a record dropped, doubled or moved",
    apply(files, bundle, random) {
      const key = pick(random, RECORDS);
      const records = bundle.manifest[key] as readonly unknown[];
      const at = random(records.length);
      const without = records.toSpliced(at, 1);
      const changed = pick(random, [
        without,
        [...records, records[at]],
        without.toSpliced((at + 1) % records.length, 0, records[at]),
      ]);
      editJson<Manifest>(files, "manifest.json", (value) => ({ ...value, [key]: changed }));
      return {
        named: [{ code: "seal.manifest_mismatch", file: "seal.json" }],
        also: ["manifest.json", ...everyFile(bundle)],
      };
    },
  },
  {
    what: "a record of another bundle in place of its own",
    apply(files, bundle, random, algorithm) {
      const other = makeMemoryBundle({ random, siteKey: keys[algorithm] });
      const key = pick(random, ["files", "frames"] as const);
      const foreignRecord = pick<unknown>(random, other.manifest[key]);
      editJson<Manifest>(files, "manifest.json", (value) => ({
        ...value,
        [key]: (value[key] as readonly unknown[]).toSpliced(random(value[key].length), 1, foreignRecord),
      }));
      return {
        named: [{ code: "seal.manifest_mismatch", file: "seal.json" }],
        also: ["manifest.json", ...everyFile(bundle), ...everyFile(other)],
      };
    },
  },
  {
    what: "a fact of the manifest",
    apply(files, bundle, random) {
      const candidate = {
        ...bundle.manifest.candidate,
        dwellMs: bundle.manifest.candidate.dwellMs + 1 + random(1000),
      };
      const edit = pick<Partial<Manifest>>(random, [
        { candidate },
        { createdAt: "2020-01-01T00:00:00.000Z" },
        { capture: { ...bundle.manifest.capture, widthPx: bundle.manifest.capture.widthPx + 1 } },
        { clock: { source: "system", offsetMs: 0, uncertaintyMs: 0 } },
        { sequence: 7, previousManifestSha256: "0".repeat(64) },
      ]);
      editJson<Manifest>(files, "manifest.json", (value) => ({ ...value, ...edit }));
      return { named: [{ code: "seal.manifest_mismatch", file: "seal.json" }] };
    },
  },
  {
    what: "the clock of the seal, or another of its fields",
    apply(files, _bundle, random) {
      const edit = pick<Partial<Seal>>(random, [
        { signedAt: new Date(random(2 ** 31) * 1000).toISOString() },
        { sequence: 2 + random(9) },
        { bundleId: "cnd_9999" },
        { cameraId: "another" },
        { keyId: "0123456789abcdef" },
        { manifestSha256: "0".repeat(64) },
        { manifestSm3: "0".repeat(64) },
        { previousManifestSha256: "0".repeat(64) },
      ]);
      editJson<Seal>(files, "seal.json", (value) => ({ ...value, ...edit }));
      return { named: [{ code: "seal.signature_invalid", file: "seal.json" }] };
    },
  },
  {
    what: "the seal of another bundle",
    apply(files, _bundle, random, algorithm) {
      const other = makeMemoryBundle({ random, siteKey: keys[algorithm] });
      files.set("seal.json", bytesOf(other.files, "seal.json"));
      return { named: [{ code: "seal.manifest_mismatch", file: "seal.json" }] };
    },
  },
  {
    what: "another key, and everything made to fit",
    apply(files, bundle, random, algorithm) {
      const file = listed(bundle, random);
      const forged = makeMemoryBundle({ random, siteKey: foreign[algorithm] });
      files.clear();
      for (const [path, bytes] of forged.files) files.set(path, bytes);
      return { named: [{ code: "seal.untrusted_key", file: "seal.json" }], also: [file] };
    },
  },
  {
    what: "the public key of another beside the site's signature",
    apply(files, _bundle, _random, algorithm) {
      const { publicKeyPem, keyId } = foreign[algorithm];
      editJson<Seal>(files, "seal.json", (value) => ({ ...value, publicKey: publicKeyPem, keyId }));
      return {
        named: [
          { code: "seal.untrusted_key", file: "seal.json" },
          { code: "seal.signature_invalid", file: "seal.json" },
        ],
      };
    },
  },
  {
    what: "one hash of a file, its other hash left, sealed anew by a thief of the list",
    apply(files, bundle, random, algorithm) {
      const index = random(bundle.manifest.files.length);
      const hash = pick(random, ["sha256", "sm3"] as const);
      const entries = bundle.manifest.files.map((entry, at) =>
        at === index ? { ...entry, [hash]: "0".repeat(64) } : entry,
      );
      const forged = { ...bundle.manifest, files: entries };
      const bytes = canonicalBytes(forged);
      files.set("manifest.json", bytes);
      files.set("seal.json", canonicalBytes(makeSeal(forged, bytes, keys[algorithm], 0)));
      return { named: [{ code: "file.hash_mismatch", file: entries[index]?.path ?? "" }] };
    },
  },
];

describe("bundles that nobody touched", () => {
  it(`raise no alarm, ${GOOD} of them`, async () => {
    for (let seed = 0; seed < GOOD; seed += 1) {
      const algorithm = seed % 10 === 0 ? "SM2" : "Ed25519";
      const { files, manifest } = makeMemoryBundle({ random: randomFrom(seed), siteKey: keys[algorithm] });
      const result = await verify(files, algorithm);
      expect(result.problems, `seed ${seed}`).toEqual([]);
      expect(result).toMatchObject({ ok: true, bundleId: manifest.bundleId, facts: { keyTrust: "trusted" } });
    }
  });
});

describe.each(SEAL_ALGORITHMS)("a tampered bundle, sealed with %s", (algorithm) => {
  it.each(MUTATIONS)(`is found out and named, ${ROUNDS} times: $what`, async ({ what, apply }) => {
    // SM2 is slow; what it seals is the same.
    const rounds = algorithm === "SM2" ? ROUNDS / 4 : ROUNDS;
    for (let round = 0; round < rounds; round += 1) {
      const random = randomFrom(round * 7919 + what.length);
      const bundle = makeMemoryBundle({ random, siteKey: keys[algorithm] });
      const files = new Map(bundle.files);
      const { named, also = [] } = apply.call(
        MUTATIONS.find((mutation) => mutation.what === what),
        files,
        bundle,
        random,
        algorithm,
      );
      const result = await verify(files, algorithm);
      const label = `${what}, round ${round}: ${JSON.stringify(result.problems)}`;
      expect(result.ok, label).toBe(false);
      for (const { code, file } of named)
        expect(
          result.problems.some((problem) => problem.code.startsWith(code) && problem.file === file),
          label,
        ).toBe(true);
      // Nothing innocent is named; a document and its seal go together.
      const may = new Set<string>([...named.map(({ file }) => file), ...also, "seal.json"]);
      for (const problem of result.problems) expect(may.has(problem.file ?? ""), label).toBe(true);
    }
  });
});

function raise(path: string): never {
  throw new Error(`no ${path} in the bundle`);
}
