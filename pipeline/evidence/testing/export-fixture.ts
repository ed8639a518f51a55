import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";
import { writeBundle } from "../bundle-writer.ts";
import { type ExportInput, exportBundle } from "../export-zip.ts";
import { openFolder } from "../folder-source.ts";
import { makeInput, STREAM_START, tempDir } from "./bundle-fixture.ts";

/** Stands for the verifier where nobody runs it. */
export const SMALL_VERIFIER = { script: Buffer.from("// script"), page: Buffer.from("<!doctype html>") };

/** A fresh bundle and what an export of it needs, into a folder of its own. */
export async function makeExport(changes: Partial<ExportInput> = {}) {
  const made = await makeInput();
  const { dir, manifest } = await writeBundle(made);
  const input: ExportInput = {
    source: await openFolder(dir),
    outPath: join(await tempDir(), "export.zip"),
    include: "all",
    exportedAt: STREAM_START + 3_600_000,
    verifier: SMALL_VERIFIER,
    publicKeys: [made.siteKey.publicKeyPem],
    ...changes,
  };
  return { dir, manifest, siteKey: made.siteKey, input };
}

/** The files of an export by their paths inside the bundle. */
export async function exportedFiles(changes: Partial<ExportInput> = {}): Promise<Record<string, Uint8Array>> {
  const { input } = await makeExport(changes);
  await exportBundle(input);
  const files = unzipSync(await readFile(input.outPath));
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name.replace(/^[^/]+\//, ""), bytes]),
  );
}

/** A zip of such files, changed by whoever wants to try something. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync({ cnd_0001: files as Zippable });
}
