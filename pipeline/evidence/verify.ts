import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { type BundleSource, openFolder, type Problem } from "./bundle-source.ts";
import { compareFiles } from "./compare-files.ts";
import { errnoOf } from "./durable-fs.ts";
import { NotABundleError } from "./errors.ts";
import { type Manifest, manifestSchema, type Seal, sealSchema } from "./manifest-schema.ts";
import { type ReadDocument, readJson } from "./read-document.ts";
import { sealProblems } from "./verify-seal.ts";
import { openZip } from "./zip-source.ts";

/** What an intact manifest and seal say; a claim of whoever sealed it until the key is compared. */
export interface BundleFacts {
  readonly cameraId: string;
  readonly cameraName: string;
  readonly violation: string;
  readonly triggeredAt: string;
  readonly signedAt: string | null;
  readonly sequence: number;
  readonly previousManifestSha256: string | null;
  readonly manifestSha256: string;
  readonly keyId: string | null;
  /** `not_checked`: nobody said which keys to trust, so the bundle alone cannot tell who sealed it. */
  readonly keyTrust: "trusted" | "untrusted" | "not_checked";
  readonly software: string;
  readonly files: number;
  readonly sizeBytes: number;
}

export interface VerifyResult {
  /** Nothing was changed, lost or added since it was sealed. */
  readonly ok: boolean;
  /** From the manifest; null when that cannot be read. */
  readonly bundleId: string | null;
  readonly problems: readonly Problem[];
  readonly facts: BundleFacts | null;
}

export interface VerifyOptions {
  /** Public keys (SPKI, PEM) one of which must have sealed it. Without them only wholeness is judged. */
  readonly trustedKeys?: readonly string[];
}

/**
 * Says whether a bundle (folder or zip) is as it was sealed and names everything that is not. Reads only the path:
 * no network, no database.
 *
 * @throws NotABundleError when nothing is there, or neither manifest.json nor seal.json.
 */
export async function verifyBundle(path: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const source = await openBundle(path);
  const manifest = await readJson(source, "manifest", manifestSchema);
  const seal = await readJson(source, "seal", sealSchema);
  const fileProblems = manifest.value === undefined ? [] : await compareFiles(source, manifest.value);
  const problems: Problem[] = [
    ...source.problems,
    ...manifest.problems,
    ...seal.problems,
    ...sealProblems(seal.value, manifest, options.trustedKeys),
    ...fileProblems,
  ];
  return {
    ok: problems.length === 0,
    bundleId: manifest.value?.bundleId ?? null,
    problems,
    facts: factsOf(manifest, seal.value, problems, options),
  };
}

async function openBundle(path: string): Promise<BundleSource> {
  const found = await stat(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR")
      throw new NotABundleError(`${path}: there is nothing here.`);
    throw error;
  });
  const isZip = found.isFile() && (path.toLowerCase().endsWith(".zip") || (await startsLikeZip(path)));
  if (!found.isDirectory() && !isZip)
    throw new NotABundleError(`${path} is no evidence bundle: give the bundle's folder, or a zip of it.`);
  const source = isZip ? await openZip(path) : await openFolder(path);
  const isOurs = source.entries.some(({ path: name }) => name === "manifest.json" || name === "seal.json");
  // A zip that is damaged or set as a trap gets its verdict; only a sound container of other things is no bundle.
  if (isOurs || source.problems.length > 0) return source;
  throw new NotABundleError(
    `${path} is no evidence bundle: it holds neither manifest.json nor seal.json. ` +
      "Give the folder named after the candidate, or a zip of it.",
  );
}

async function startsLikeZip(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.equals(Buffer.from("PK\x03\x04", "latin1"));
  } finally {
    await handle.close();
  }
}

function factsOf(
  { value: manifest, sha256 }: ReadDocument<Manifest>,
  seal: Seal | undefined,
  problems: readonly Problem[],
  options: VerifyOptions,
): BundleFacts | null {
  if (manifest === undefined || sha256 === undefined) return null;
  const untrusted = seal === undefined || problems.some((problem) => problem.code.startsWith("seal."));
  const keyTrust = options.trustedKeys === undefined ? "not_checked" : untrusted ? "untrusted" : "trusted";
  return {
    cameraId: manifest.camera.id,
    cameraName: manifest.camera.name,
    violation: manifest.violation,
    triggeredAt: manifest.candidate.triggeredAt,
    signedAt: seal?.signedAt ?? null,
    sequence: manifest.sequence,
    previousManifestSha256: manifest.previousManifestSha256,
    manifestSha256: sha256,
    keyId: seal?.keyId ?? null,
    keyTrust,
    software: `${manifest.software.name} ${manifest.software.version}`,
    files: manifest.files.length,
    sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

/** Whether a folder or file looks like one bundle (as against a folder of bundles). */
export async function looksLikeBundle(path: string): Promise<boolean> {
  const found = await stat(path);
  if (!found.isDirectory()) return true;
  for (const name of ["manifest.json", "seal.json"])
    if (await stat(join(path, name)).then(() => true, noneWhenMissing)) return true;
  return false;
}

function noneWhenMissing(error: unknown): false {
  if (errnoOf(error) === "ENOENT") return false;
  throw error;
}
