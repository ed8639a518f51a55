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
 * Cuts the clip into the draft, packets as they came. Of a camera with privacy masks it is cut into `scratch` and coded anew
 * with the masks burnt in: what lies behind them is kept nowhere (domain C-03).
 *
 * @param scratch folder of pictures as they came; gone when the bundle is written
 * @throws BundleSourceError when it does not show the trigger.
 */
export async function writeClip(
  draft: string,
  scratch: string,
  input: BundleInput,
): Promise<{ clip: ManifestClip; file: ManifestFile }> {
  const { triggeredAt, candidateId } = input.candidate;
  const { privacyMasks } = input.camera;
  const isMasked = privacyMasks.length > 0;
  const { startSec, endSec } = clipWindow(input.candidate);
  const into = join(isMasked ? scratch : join(draft, "originals"), "clip");
  const cut = await input.sources.cutClip(startSec, endSec, into);
  const trigger = triggeredAt.ptsSec;
  if (cut.startSec > trigger || cut.endSec < trigger - CLIP_SLACK_SEC)
    throw new BundleSourceError(
      `The clip of ${candidateId} runs from ${cut.startSec} s to ${cut.endSec} s and does not show the trigger at ${trigger} s.`,
    );
  const kept = isMasked
    ? await input.sources.blackOut(cut.path, privacyMasks, join(draft, "originals", "clip"))
    : cut;
  const path = `originals/clip${extname(kept.path)}`;
  if (basename(path) !== basename(kept.path) || !/^\.[a-z0-9]{1,8}$/.test(extname(kept.path)))
    throw new BundleSourceError(`The clip was written as ${kept.path}, expected originals/clip.‹extension›.`);
  await syncPath(join(draft, path));
  const mediaType = MEDIA_TYPES[extname(kept.path)] ?? "application/octet-stream";
  const at = (ptsSec: number) => isoUtc(triggeredAt.capturedAt + (ptsSec - trigger) * 1000);
  return {
    file: await describeFile(draft, path, "clip", mediaType, null),
    clip: {
      file: path,
      codec: kept.codec,
      encoding: isMasked ? "masked_at_capture" : "stream_copied",
      startSec: cut.startSec,
      endSec: cut.endSec,
      startAt: at(cut.startSec),
      endAt: at(cut.endSec),
      beforeTriggerSec: trigger - cut.startSec,
      afterTriggerSec: cut.endSec - trigger,
    },
  };
}
