import { lstat, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../domain/errors.ts";
import { writeClip } from "./bundle-clip.ts";
import { type BundleInput, partsInForce } from "./bundle-input.ts";
import { grabPictures, writePictures } from "./bundle-pictures.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { errnoOf, syncPath, writeNewFile } from "./durable-fs.ts";
import { BundleExistsError, BundleWriteError } from "./errors.ts";
import { sha256Hex } from "./hash.ts";
import { buildManifest } from "./manifest.ts";
import { type Manifest, type ManifestFile, type ManifestFrame, manifestSchema } from "./manifest-schema.ts";
import { makeSeal } from "./seal.ts";
import { hidesHead } from "./stills.ts";
import { makeTempFolder } from "./temp-bundles.ts";
import { verifyBundle } from "./verify.ts";

export interface WrittenBundle {
  /** `outDir/‹candidateId›` */
  readonly dir: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** False when an intact bundle of this candidate was there already. */
  readonly created: boolean;
}

/**
 * Writes one sealed bundle: everything into a temporary folder, to the disk, then one rename. Either the whole
 * bundle is there under its name, or nothing is. A bundle that is there already and intact is returned untouched.
 *
 * @throws BundleInputError, BundleSourceError (pictures or clip unusable), BundleExistsError (a broken bundle has
 *   this id), BundleWriteError (disk)
 */
export async function writeBundle(input: BundleInput): Promise<WrittenBundle> {
  partsInForce(input);
  const dir = join(input.outDir, input.candidate.candidateId);
  const existing = await existingBundle(dir, input);
  if (existing !== undefined) return existing;
  let temp: string | undefined;
  try {
    temp = await makeTempFolder(input.outDir);
    const draft = join(temp, "bundle");
    const { manifest, manifestSha256 } = await fillBundle(draft, join(temp, "grabbed"), input);
    await rename(draft, dir);
    await syncPath(input.outDir);
    input.log.info(
      { candidateId: manifest.bundleId, cameraId: manifest.camera.id, sequence: manifest.sequence, dir },
      "evidence bundle sealed",
    );
    return { dir, manifest, manifestSha256, created: true };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // Somebody else put the same candidate in place between our look and our rename.
    const theirs = isOccupied(cause) ? await existingBundle(dir, input) : undefined;
    if (theirs !== undefined) return theirs;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BundleWriteError(`The bundle ${dir} could not be written: ${why}`, { cause });
  } finally {
    if (temp !== undefined) await rm(temp, { recursive: true, force: true });
  }
}

async function existingBundle(dir: string, input: BundleInput): Promise<WrittenBundle | undefined> {
  try {
    await lstat(dir);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const { ok, problems } = await verifyBundle(dir, { trustedKeys: [input.siteKey.publicKeyPem] }).catch(
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return { ok: false, problems: [{ message: error.message }] };
    },
  );
  if (!ok)
    throw new BundleExistsError(
      `${dir} exists and is not an intact bundle of this site: ${problems.map((p) => p.message).join("; ")}. ` +
        "It was left as it is; move it away to have the bundle written anew.",
    );
  const bytes = await readFile(join(dir, "manifest.json"));
  const manifest = manifestSchema.parse(JSON.parse(bytes.toString("utf8")));
  return { dir, manifest, manifestSha256: sha256Hex(bytes), created: false };
}

async function fillBundle(
  draft: string,
  grabbed: string,
  input: BundleInput,
): Promise<{ manifest: Manifest; manifestSha256: string }> {
  for (const folder of [grabbed, join(draft, "originals"), join(draft, "masked")])
    await mkdir(folder, { recursive: true });
  const frames: ManifestFrame[] = [];
  const files: ManifestFile[] = [];
  for (const picture of await grabPictures(input, grabbed)) {
    const made = await writePictures(draft, picture, input);
    frames.push(made.frame);
    files.push(...made.files);
  }
  const { clip, file } = await writeClip(draft, input);
  if (file !== undefined) files.push(file);
  const subjectHead = hidesHead(input.candidate.label) ? "pixelated" : "not_applicable";
  const manifest = buildManifest(input, { frames, clip, files, subjectHead });
  const bytes = canonicalBytes(manifest);
  await writeNewFile(join(draft, "manifest.json"), bytes);
  const seal = makeSeal(manifest, bytes, input.siteKey, input.createdAt);
  await writeNewFile(join(draft, "seal.json"), canonicalBytes(seal));
  for (const folder of ["originals", "masked", "."]) await syncPath(join(draft, folder));
  return { manifest, manifestSha256: seal.manifestSha256 };
}

function isOccupied(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM";
}
