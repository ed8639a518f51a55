import { basename, extname, join } from "node:path";
import type { BundleInput } from "./bundle-input.ts";
import { clipWindow } from "./clip-window.ts";
import { describeFile } from "./describe-file.ts";
import { syncPath } from "./durable-fs.ts";
import { BundleSourceError } from "./errors.ts";
import type { ManifestClip, ManifestFile } from "./manifest-schema.ts";
import { isoUtc } from "./time-text.ts";

/** A clip that ends at the trigger's own frame may report that frame's time. */
const CLIP_SLACK_SEC = 1;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".mp4": "video/mp4",
  ".ts": "video/mp2t",
  ".mkv": "video/x-matroska",
  ".avi": "video/x-msvideo",
};

/**
 * Cuts the clip into the draft. A stream-copied clip cannot be blacked, so a camera with privacy masks keeps none
 * (domain C-03).
 *
 * @throws BundleSourceError when it does not show the trigger.
 */
export async function writeClip(
  draft: string,
  input: BundleInput,
): Promise<{ clip: ManifestClip; file?: ManifestFile }> {
  if (input.camera.privacyMasks.length > 0) return { clip: { stored: false, reason: "privacy_masks" } };
  const { triggeredAt, candidateId } = input.candidate;
  const { startSec, endSec } = clipWindow(input.candidate);
  const cut = await input.sources.cutClip(startSec, endSec, join(draft, "originals", "clip"));
  const trigger = triggeredAt.ptsSec;
  if (cut.startSec > trigger || cut.endSec < trigger - CLIP_SLACK_SEC)
    throw new BundleSourceError(
      `The clip of ${candidateId} runs from ${cut.startSec} s to ${cut.endSec} s and does not show the trigger at ${trigger} s.`,
    );
  const path = `originals/clip${extname(cut.path)}`;
  if (basename(path) !== basename(cut.path) || !/^\.[a-z0-9]{1,8}$/.test(extname(cut.path)))
    throw new BundleSourceError(`The clip was written as ${cut.path}, expected originals/clip.‹extension›.`);
  await syncPath(join(draft, path));
  const mediaType = MEDIA_TYPES[extname(cut.path)] ?? "application/octet-stream";
  const at = (ptsSec: number) => isoUtc(triggeredAt.capturedAt + (ptsSec - trigger) * 1000);
  return {
    file: await describeFile(draft, path, "clip", mediaType, null),
    clip: {
      stored: true,
      file: path,
      codec: cut.codec,
      streamCopied: true,
      startSec: cut.startSec,
      endSec: cut.endSec,
      startAt: at(cut.startSec),
      endAt: at(cut.endSec),
      beforeTriggerSec: trigger - cut.startSec,
      afterTriggerSec: cut.endSec - trigger,
    },
  };
}
