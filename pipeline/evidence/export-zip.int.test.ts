import { execFileSync, spawnSync } from "node:child_process";
import { appendFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import { ExportError } from "./export-error.ts";
import { exportBundle } from "./export-zip.ts";
import { signCheckpoint } from "./log/checkpoint.ts";
import { entryBytes, type LogEntry } from "./log/entry.ts";
import { type LogProof, logProofBytes } from "./log/log-proof.ts";
import { leafHash } from "./log/tree.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { toHex } from "./portable/bytes.ts";
import type { ExportNote } from "./portable/export-note.ts";
import type { VerifyResult } from "./portable/verify-source.ts";
import type { SiteKey } from "./site-key.ts";
import { newSiteKey, tempDir } from "./testing/bundle-fixture.ts";
import { exportedFiles, makeExport, zipOf } from "./testing/export-fixture.ts";
import { verifyBundle } from "./verify.ts";

type Files = Record<string, Uint8Array>;
const has = (program: string) => spawnSync(program, ["--version"]).error === undefined;

async function verifyFiles(files: Files, allowExport = true): Promise<VerifyResult> {
  const path = join(await tempDir(), "changed.zip");
  await writeFile(path, zipOf(files));
  return verifyBundle(path, { allowExport });
}

const problemsOf = ({ problems }: VerifyResult) => problems.map(({ code, file }) => `${code} ${file}`);
const originals = (files: Files) => Object.keys(files).filter((path) => path.startsWith("originals/"));

function withNote(files: Files, change: (note: ExportNote) => unknown): Files {
  const note = JSON.parse(Buffer.from(files["export.json"] ?? []).toString()) as ExportNote;
  return { ...files, "export.json": canonicalBytes(change(note)) };
}

describe("an export", () => {
  it("holds the bundle unchanged and verifies, with and without its originals", async () => {
    const { input, manifest, siteKey } = await makeExport();
    const all = await exportBundle(input);
    expect(all).toMatchObject({ bundleId: "cnd_0001", withheld: [] });
    const trustedKeys = [siteKey.publicKeyPem];
    expect(await verifyBundle(input.outPath, { allowExport: true, trustedKeys })).toMatchObject({
      ok: true,
      withheld: null,
      facts: { keyTrust: "trusted" },
    });
    const masked = { ...input, outPath: `${input.outPath}.masked.zip`, include: "masked" as const };
    const { withheld } = await exportBundle(masked);
    expect(withheld).toEqual(
      manifest.files.map(({ path }) => path).filter((path) => path.startsWith("originals/")),
    );
    expect(await verifyBundle(masked.outPath, { allowExport: true })).toMatchObject({
      ok: true,
      withheld: { paths: withheld },
      unsealed: ["README.txt", "export.json", "site-keys.pem", "verify.html", "verify.mjs"],
    });
  });

  it("is the same zip for the same input", async () => {
    const { input } = await makeExport();
    const again = { ...input, outPath: `${input.outPath}.again` };
    await exportBundle(input);
    await exportBundle(again);
    expect((await readFile(input.outPath)).equals(await readFile(again.outPath))).toBe(true);
  });

  it.skipIf(!has("python3"))("can be unpacked by another program", async () => {
    const { input, dir } = await makeExport();
    await exportBundle(input);
    const out = await tempDir();
    execFileSync("python3", ["-m", "zipfile", "-e", input.outPath, out]);
    for (const file of ["manifest.json", "seal.json", "originals/clip.mp4"])
      expect((await readFile(join(out, "cnd_0001", file))).equals(await readFile(join(dir, file)))).toBe(
        true,
      );
  });

  it.skipIf(!["python3", "jq", "openssl", "sha256sum"].every(has)).each(["all", "masked"] as const)(
    "can be checked by the commands of its own README (%s)",
    async (include) => {
      const { input } = await makeExport({ include });
      await exportBundle(input);
      const out = await tempDir();
      execFileSync("python3", ["-m", "zipfile", "-e", input.outPath, out]);
      const cwd = join(out, "cnd_0001");
      const readme = await readFile(join(cwd, "README.txt"), "utf8");
      const commands = readme.split("\n").filter((line) => /^ {3,5}(jq |echo |\| |\{ |openssl )/.test(line));
      expect(commands.length).toBe(7);
      const byHand = () => spawnSync("sh", ["-euc", commands.join("\n")], { cwd }).status;
      expect(byHand()).toBe(0);
      await appendFile(join(cwd, "masked/close-1-first.jpg"), "x");
      expect(byHand()).not.toBe(0);
    },
  );

  it("has no name before it is on record, and is not there when it cannot be put on record", async () => {
    const { input } = await makeExport();
    const seen: unknown[] = [];
    const result = await exportBundle({
      ...input,
      async onRecord(made) {
        seen.push(made, (await stat(input.outPath)).size);
      },
    });
    expect(seen).toEqual([result, 0]);
    const onRecord = () => Promise.reject(new Error("the log is away"));
    const other = { ...input, outPath: `${input.outPath}.2`, onRecord };
    await expect(exportBundle(other)).rejects.toThrow("the log is away");
    expect(await readdir(dirname(input.outPath))).toEqual(["export.zip"]);
    const taken = { ...input, onRecord: () => Promise.reject(new Error("must not be asked")) };
    await expect(exportBundle(taken)).rejects.toThrow("is there already");
  });

  it("is not made of a broken bundle, never replaces a file, and leaves nothing behind", async () => {
    const { input, dir } = await makeExport({ include: "masked" });
    await writeFile(input.outPath, "mine");
    await expect(exportBundle(input)).rejects.toThrow("is there already");
    expect(await readFile(input.outPath, "utf8")).toBe("mine");
    // Also not when what is broken would have been left out.
    await appendFile(join(dir, "originals/clip.mp4"), "x");
    const error = await exportBundle({ ...input, outPath: `${input.outPath}.2` }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ExportError);
    expect(String(error)).toContain("originals/clip.mp4");
    expect(await readdir(dirname(input.outPath))).toEqual(["export.zip"]);
  });
});

describe("the proof of the evidence log in an export", () => {
  /** A log of which this is the first entry. */
  function proofOf(manifestSha256: string, key: SiteKey, kind: LogEntry["kind"] = "collected"): Uint8Array {
    const entry: LogEntry = {
      schema: "forewarn-log-entry/1",
      kind,
      at: "2026-01-01T04:02:00.000Z",
      actor: { kind: "system", id: "evidence" },
      bundleId: "cnd_0001",
      manifestSha256,
      why: null,
      detail: {},
    };
    const leaf = leafHash(nodeCrypto.sha256, entryBytes(entry));
    const at = Date.parse(entry.at);
    const checkpoint = signCheckpoint({ origin: "forewarn-log/test", size: 1, root: leaf, at }, key);
    const proof: LogProof = {
      schema: "forewarn-log-proof/1",
      ...{ entry, index: 0, leafHash: toHex(leaf), proof: [], checkpoint, timestamp: null },
    };
    return logProofBytes(proof);
  }

  it("is checked with the bundle, and names what it proves", async () => {
    const { input, siteKey } = await makeExport();
    const { sha256 } = await input.source.digest("manifest.json");
    await exportBundle({ ...input, proof: proofOf(sha256, siteKey) });
    expect(await verifyBundle(input.outPath, { allowExport: true })).toMatchObject({
      ok: true,
      log: {
        ...{ origin: "forewarn-log/test", index: 0, size: 1, kind: "collected", keyId: siteKey.keyId },
        ...{ keyTrust: "not_checked", isSealKey: true },
      },
    });
    const trustedKeys = [siteKey.publicKeyPem];
    expect(await verifyBundle(input.outPath, { allowExport: true, trustedKeys })).toMatchObject({
      ...{ ok: true, log: { keyTrust: "trusted", isSealKey: true } },
    });
  });

  it("is told from one that somebody made with a key of their own", async () => {
    const { input } = await makeExport();
    const { sha256 } = await input.source.digest("manifest.json");
    await exportBundle({ ...input, proof: proofOf(sha256, newSiteKey()) });
    const { log } = await verifyBundle(input.outPath, { allowExport: true });
    expect(log).toMatchObject({ keyTrust: "not_checked", isSealKey: false });
  });

  it("is refused when it is of another manifest, changed, or signed with a key nobody trusts", async () => {
    const { input, siteKey } = await makeExport();
    const { sha256 } = await input.source.digest("manifest.json");
    const foreign = { ...input, proof: proofOf("0".repeat(64), siteKey) };
    await expect(exportBundle(foreign)).rejects.toThrow("the entry tells of another manifest");
    const edited = Buffer.from(proofOf(sha256, siteKey)).toString().replace("collected", "served");
    await expect(exportBundle({ ...input, proof: Buffer.from(edited) })).rejects.toThrow("leafHash is");
    await exportBundle({ ...input, proof: proofOf(sha256, newSiteKey()) });
    const result = await verifyBundle(input.outPath, {
      allowExport: true,
      trustedKeys: [siteKey.publicKeyPem],
    });
    expect(problemsOf(result)).toEqual(["log.checkpoint_untrusted_key log-proof.json"]);
    expect(result.log).toBeNull();
  });
});

describe("what an export may add and leave out", () => {
  it("is a fault in a bundle of our own keeping", async () => {
    const files = await exportedFiles({ include: "masked" });
    expect(problemsOf(await verifyFiles(files, false))).toEqual([
      ...originals(await exportedFiles())
        .map((path) => `file.missing ${path}`)
        .sort(),
      ...["README.txt", "export.json", "site-keys.pem", "verify.html", "verify.mjs"].map(
        (path) => `file.extra ${path}`,
      ),
    ]);
  });

  it("is known by exact names only", async () => {
    const files = await exportedFiles();
    const extra = new Uint8Array(1);
    const added = { ...files, "readme.txt": extra, "masked/README.txt": extra, "verify.js": extra };
    expect(problemsOf(await verifyFiles(added)).sort()).toEqual([
      "file.extra masked/README.txt",
      "file.extra readme.txt",
      "file.extra verify.js",
    ]);
  });

  it("never hides a file that somebody took out", async () => {
    const whole = await exportedFiles();
    const { "originals/clip.mp4": _clip, ...without } = whole;
    expect(problemsOf(await verifyFiles(without))).toEqual(["file.missing originals/clip.mp4"]);
    const excuses: ((note: ExportNote) => unknown)[] = [
      (note) => ({ ...note, withheld: ["originals/clip.mp4"] }),
      (note) => ({ ...note, include: "masked", withheld: ["originals/clip.mp4"] }),
      (note) => ({ ...note, include: "masked", withheld: originals(whole) }),
    ];
    for (const excuse of excuses)
      expect(problemsOf(await verifyFiles(withNote(without, excuse)))).toEqual([
        "export.withheld_mismatch export.json",
        "file.missing originals/clip.mp4",
      ]);
    const masked = await exportedFiles({ include: "masked" });
    const { "masked/close-1-first.jpg": _close, ...less } = masked;
    expect(problemsOf(await verifyFiles(less))).toEqual(["file.missing masked/close-1-first.jpg"]);
    expect(problemsOf(await verifyFiles(withNote(masked, (note) => ({ ...note, withheld: [] }))))).toContain(
      "export.withheld_mismatch export.json",
    );
  });

  it("excuses nothing by a note that is another bundle's, edited or unreadable", async () => {
    const masked = await exportedFiles({ include: "masked" });
    const notes: [Files, string][] = [
      [withNote(masked, (note) => ({ ...note, manifestSha256: "0".repeat(64) })), "export.of_another_bundle"],
      [withNote(masked, (note) => ({ ...note, bundleId: "cnd_9999" })), "export.of_another_bundle"],
      [withNote(masked, (note) => ({ ...note, more: 1 })), "export.invalid"],
      [{ ...masked, "export.json": Buffer.from("{") }, "export.unreadable"],
      [
        {
          ...masked,
          "export.json": Buffer.concat([masked["export.json"] ?? Buffer.of(), Buffer.from("\n")]),
        },
        "export.not_canonical",
      ],
    ];
    for (const [files, code] of notes) {
      const result = await verifyFiles(files);
      expect(result.withheld, code).toBeNull();
      expect(problemsOf(result)).toEqual(
        expect.arrayContaining([`${code} export.json`, "file.missing originals/clip.mp4"]),
      );
    }
  });
});
