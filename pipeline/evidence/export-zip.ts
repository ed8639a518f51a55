import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { EpochMs } from "../domain/types.ts";
import type { BundleSource } from "./bundle-source.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { syncPath } from "./durable-fs.ts";
import { ExportError } from "./export-error.ts";
import { exportReadme } from "./export-readme.ts";
import { ZipWriter } from "./export-zip-writer.ts";
import { type Manifest, manifestSchema } from "./manifest-schema.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { EXPORT_NOTE, type ExportNote, originalsOf } from "./portable/export-note.ts";
import { readJson } from "./portable/read-document.ts";
import { type BundleFacts, verifySource } from "./portable/verify-source.ts";
import { isoUtc } from "./time-text.ts";
import { verifyBundle } from "./verify.ts";

export interface ExportInput {
  /** The bundle, wherever it is kept; originals in plain. */
  readonly source: BundleSource;
  /** Where the zip goes; nothing may be there yet. */
  readonly outPath: string;
  /** `masked`: for anyone outside, without originals. `all`: for court and supervision. */
  readonly include: ExportNote["include"];
  readonly exportedAt: EpochMs;
  /** The verifier as a script and as a page, as the build makes them. */
  readonly verifier: { readonly script: Uint8Array; readonly page: Uint8Array };
  /** Public keys of the site, PEM: those in use and those before. */
  readonly publicKeys: readonly string[];
  /** log-proof.json: that the evidence log knows this bundle. */
  readonly proof?: Uint8Array;
  /** Called when the zip is whole and before it has its name: where this throws, nothing is handed out. */
  readonly onRecord?: (result: ExportResult) => Promise<void>;
}

export interface ExportResult {
  readonly bundleId: string;
  readonly facts: BundleFacts;
  /** Originals that were left out. */
  readonly withheld: readonly string[];
}

/**
 * A bundle as one zip that can be checked by anyone: its files, unchanged, and beside them verify.mjs, verify.html, a
 * README, the site's public keys, a note of what was left out. Pictures and clips are stored, not packed. The zip is
 * verified before it gets its name; one file at a time is held in memory.
 *
 * @throws ExportError when the bundle is broken, something lies at `outPath`, or the zip came out wrong
 */
export async function exportBundle(input: ExportInput): Promise<ExportResult> {
  const manifest = await readWhole(input.source);
  const draft = `${input.outPath}.part`;
  const file = await open(draft, "wx").catch((cause: unknown) => {
    throw new ExportError(`${draft} cannot be written: remove what is left there, or choose another --out.`, {
      cause,
    });
  });
  try {
    try {
      await writeZip(new ZipWriter(file, input.exportedAt), input, manifest);
      await file.sync();
    } finally {
      await file.close();
    }
    const result = await verifyBundle(draft, { allowExport: true });
    if (!result.ok || result.facts === null || result.bundleId === null)
      throw new ExportError(
        `The zip does not verify, so it was not kept: ${result.problems.map(({ message }) => message).join("; ")}`,
      );
    const { bundleId, facts, withheld } = result;
    const made = { bundleId, facts, withheld: withheld?.paths ?? [] };
    await putInPlace(draft, input.outPath, async () => input.onRecord?.(made));
    return made;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The manifest of a bundle that is whole; nothing else is handed out. */
async function readWhole(source: BundleSource): Promise<Manifest> {
  const { ok, problems } = await verifySource(source, nodeCrypto);
  const { value } = await readJson(source, "manifest", manifestSchema, nodeCrypto);
  if (ok && value !== undefined) return value;
  throw new ExportError(
    `The bundle is not as it was sealed and is not handed out: ${problems.map(({ message }) => message).join("; ")}`,
    { details: { problems } },
  );
}

async function writeZip(zip: ZipWriter, input: ExportInput, manifest: Manifest): Promise<void> {
  const { source, include } = input;
  const withheld = include === "masked" ? originalsOf(manifest) : [];
  const manifestBytes = await source.read("manifest.json");
  const { sha256: manifestSha256 } = await source.digest("manifest.json");
  const note: ExportNote = {
    schema: "forewarn-export/1",
    bundleId: manifest.bundleId,
    manifestSha256,
    exportedAt: isoUtc(input.exportedAt),
    include,
    withheld,
  };
  const text = async (name: string, content: Uint8Array | string) =>
    zip.add(`${manifest.bundleId}/${name}`, Buffer.from(content), { deflate: true });
  await text("README.txt", exportReadme(manifest, { include, withheld: withheld.length }));
  await text("verify.html", input.verifier.page);
  await text("verify.mjs", input.verifier.script);
  await text("manifest.json", manifestBytes);
  await text("seal.json", await source.read("seal.json"));
  await text(EXPORT_NOTE, canonicalBytes(note));
  if (input.publicKeys.length > 0)
    await text("site-keys.pem", `${input.publicKeys.map((pem) => pem.trim()).join("\n")}\n`);
  if (input.proof !== undefined) await text("log-proof.json", input.proof);
  for (const { path } of manifest.files)
    if (!withheld.includes(path))
      await zip.add(`${manifest.bundleId}/${path}`, await source.read(path), { deflate: false });
  await zip.finish();
}

/** Unlike rename alone, never replaces what somebody put there. `before`: runs once the place is ours. */
async function putInPlace(draft: string, outPath: string, before: () => Promise<void>): Promise<void> {
  const place = await open(outPath, "wx").catch((cause: unknown) => {
    throw new ExportError(`${outPath} is there already and is not replaced: choose another name.`, { cause });
  });
  await place.close();
  try {
    await before();
    await rename(draft, outPath);
  } catch (error) {
    await rm(outPath, { force: true });
    throw error;
  }
  await syncPath(dirname(outPath));
}
