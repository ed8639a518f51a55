import { lstat, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../domain/errors.ts";
import { writeClip } from "./bundle-clip.ts";
import { type BundleInput, partsInForce } from "./bundle-input.ts";
import { type MaskedClipFile, writeMaskedClip } from "./bundle-masked-clip.ts";
import { grabPictures, type WrittenPictures, writePictures } from "./bundle-pictures.ts";
import { writePlate } from "./bundle-plate.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { judgeCapture } from "./capture-gate.ts";
import { errnoOf, syncPath, writeNewFile } from "./durable-fs.ts";
import { BundleExistsError, BundleWriteError } from "./errors.ts";
import { sha256Hex } from "./hash.ts";
import { buildManifest } from "./manifest.ts";
import { type Manifest, type ManifestClip, type ManifestMasks, manifestSchema } from "./manifest-schema.ts";
import type { PictureSize } from "./picture-region.ts";
import { makeSeal } from "./seal.ts";
import { makeTempFolder } from "./temp-bundles.ts";
import { verifyBundle } from "./verify.ts";
import { keepFresh } from "./writer-identity.ts";

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
  const folders: string[] = [];
  const rests: (() => void)[] = [];
  const makeFolder = async (parent: string) => {
    const folder = await makeTempFolder(parent);
    folders.push(folder);
    rests.push(keepFresh(folder));
    return folder;
  };
  try {
    const draft = join(await makeFolder(input.outDir), "bundle");
    const scratch = await makeFolder(input.scratchDir);
    const { manifest, manifestSha256 } = await fillBundle(draft, scratch, input);
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
    for (const rest of rests) rest();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

async function existingBundle(dir: string, input: BundleInput): Promise<WrittenBundle | undefined> {
  try {
    await lstat(dir);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const { ok, problems } = await verifyBundle(dir, { trustedKeys: input.siteKeys }).catch(
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
  scratch: string,
  input: BundleInput,
): Promise<{ manifest: Manifest; manifestSha256: string }> {
  for (const folder of ["originals", "masked"]) await mkdir(join(draft, folder), { recursive: true });
  const pictures: WrittenPictures[] = [];
  for (const picture of await grabPictures(input, scratch))
    pictures.push(await writePictures(draft, picture, input));
  const clip = await writeClip(draft, scratch, input);
  const maskedClip = await writeMaskedClip(draft, clip.clip, input);
  const read = await writePlate(draft, pictures, input);
  const size = pictures[0]?.still.size ?? { width: 0, height: 0 };
  const manifest = buildManifest(input, {
    frames: pictures.map(({ frame }) => frame),
    clip: clip.clip,
    capture: captureFacts(input, pictures, clip.clip, size),
    plate: read?.plate ?? null,
    masks: masksOf(pictures, maskedClip),
    files: [
      ...pictures.flatMap(({ files }) => files),
      clip.file,
      ...(maskedClip === null ? [] : [maskedClip.file]),
      ...(read === null ? [] : [read.file]),
    ],
  });
  const bytes = canonicalBytes(manifest);
  await writeNewFile(join(draft, "manifest.json"), bytes);
  const seal = makeSeal(manifest, bytes, input.siteKey, input.createdAt);
  await writeNewFile(join(draft, "seal.json"), canonicalBytes(seal));
  for (const folder of ["originals", "masked", "."]) await syncPath(join(draft, folder));
  return { manifest, manifestSha256: seal.manifestSha256 };
}

function captureFacts(
  input: BundleInput,
  pictures: readonly WrittenPictures[],
  clip: ManifestClip,
  { width, height }: PictureSize,
): Manifest["capture"] {
  const { offsetMs, uncertaintyMs } = input.clock;
  const { rule } = partsInForce(input);
  const { grade, shortfalls } = judgeCapture({
    pictureSecs: pictures.map(({ frame }) => frame.ptsSec),
    widthPx: width,
    heightPx: height,
    clock: offsetMs === null || uncertaintyMs === null ? null : { offsetMs, uncertaintyMs },
    clip: { beforeSec: clip.beforeTriggerSec, afterSec: clip.afterTriggerSec },
    rule,
  });
  return { grade, shortfalls: [...shortfalls], widthPx: width, heightPx: height };
}

/** How the copies came to hide what they hide; the most cautious of them speaks for all. */
function masksOf(
  pictures: readonly WrittenPictures[],
  maskedClip: MaskedClipFile | null,
): Pick<ManifestMasks, "copies" | "detectors" | "hidden"> {
  const all = pictures.map(({ masking }) => masking);
  const modes = [...all, ...(maskedClip === null ? [] : [maskedClip])].map(({ mode }) => mode);
  const copies = modes.includes("all_but_subject") ? "all_but_subject" : "private_regions";
  return {
    copies,
    detectors: (all.find(({ detectors }) => detectors.length > 0)?.detectors ?? []).map((used) => ({
      ...used,
    })),
    hidden: [
      ...pictures.flatMap(({ hidden }) => hidden),
      ...(maskedClip === null ? [] : [maskedClip.hidden]),
    ],
  };
}

function isOccupied(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM";
}
