import { join } from "node:path";
import type { BundleInput } from "./bundle-input.ts";
import type { WrittenPictures } from "./bundle-pictures.ts";
import { describeFile } from "./describe-file.ts";
import { writeNewFile } from "./durable-fs.ts";
import type { ManifestFile, ManifestPlate } from "./manifest-schema.ts";
import { isVehicle } from "./masking/labels.ts";
import type { PlateSuggestion } from "./plate/plate-suggestion.ts";

const PLATE_FILE = "originals/plate.jpg";

/**
 * What the plate of the subject may say, from the picture it can be read on best, with that plate alone as a file of its own.
 * Null when it is no vehicle, there is no reader, or nothing can be read with some certainty.
 */
export async function writePlate(
  draft: string,
  pictures: readonly WrittenPictures[],
  input: BundleInput,
): Promise<{ plate: ManifestPlate; file: ManifestFile } | null> {
  const { plateReader, candidate, log } = input;
  if (plateReader === null || !isVehicle(candidate.label)) return null;
  let best: { suggestion: PlateSuggestion; readFrom: string } | null = null;
  for (const { still, frame } of pictures) {
    try {
      const suggestion = await plateReader.read(still, frame.box);
      if (suggestion !== null && suggestion.confidence > (best?.suggestion.confidence ?? 0))
        best = { suggestion, readFrom: frame.file };
    } catch (err) {
      // A suggestion is a convenience: evidence does not fail for want of one.
      log.warn({ err, candidateId: candidate.candidateId, file: frame.file }, "no plate could be read");
    }
  }
  if (best === null) return null;
  const { suggestion, readFrom } = best;
  await writeNewFile(join(draft, PLATE_FILE), suggestion.crop);
  return {
    file: await describeFile(draft, PLATE_FILE, "plate", "image/jpeg", readFrom),
    plate: {
      status: "suggestion_unconfirmed",
      text: suggestion.text,
      kind: suggestion.kind,
      confidence: suggestion.confidence,
      grammatical: suggestion.grammatical,
      box: [...suggestion.box],
      readFrom,
      file: PLATE_FILE,
      reader: { ...plateReader.model },
    },
  };
}
