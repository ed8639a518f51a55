import { join } from "node:path";
import type { Sighting } from "../domain/types.ts";
import { type BundleInput, partsInForce } from "./bundle-input.ts";
import { copyLines } from "./copy-lines.ts";
import { describeFile } from "./describe-file.ts";
import { writeNewFile } from "./durable-fs.ts";
import { BundleSourceError } from "./errors.ts";
import type { ManifestFile, ManifestFrame, ManifestMasks } from "./manifest-schema.ts";
import type { MaskingFacts } from "./masking/mask-still.ts";
import { countKinds } from "./masking/private-region.ts";
import { cutClose, makeMaskedCopies, readStill, type Still } from "./stills.ts";
import { isoUtc } from "./time-text.ts";

/** A picture further from its sighting would show the box around something else. */
const MAX_STILL_DRIFT_SEC = 2;

/** One of the three moments: where it comes in the row, what was seen, and the picture of it. */
export interface GrabbedPicture {
  readonly role: ManifestFrame["role"];
  readonly order: number;
  readonly sighting: Sighting;
  readonly path: string;
  readonly ptsSec: number;
}

/** One moment as it is stored. */
export interface WrittenPictures {
  readonly still: Still;
  readonly frame: ManifestFrame;
  readonly files: readonly ManifestFile[];
  readonly hidden: ManifestMasks["hidden"];
  readonly masking: MaskingFacts;
}

/**
 * Has the pictures of first sighting, middle and trigger taken into `dir`.
 *
 * @throws BundleSourceError when one is missing or of another time.
 */
export async function grabPictures(input: BundleInput, dir: string): Promise<GrabbedPicture[]> {
  const { first, middle, trigger } = input.candidate.keySightings;
  const moments = [
    { role: "first", order: 1, sighting: first },
    { role: "middle", order: 2, sighting: middle },
    { role: "trigger", order: 3, sighting: trigger },
  ] as const;
  // Two moments of a short stay may be one frame: it is asked for once.
  const times = [...new Set(moments.map(({ sighting }) => sighting.at.ptsSec))].sort((a, b) => a - b);
  const pictures = await input.sources.grabStills(times, dir);
  return moments.map((moment) => {
    const wanted = moment.sighting.at.ptsSec;
    const picture = pictures[times.indexOf(wanted)];
    if (picture === undefined || pictures.length !== times.length)
      throw new BundleSourceError(
        `The recording gave ${pictures.length} of ${times.length} pictures for candidate ${input.candidate.candidateId}.`,
      );
    if (Math.abs(picture.ptsSec - wanted) > MAX_STILL_DRIFT_SEC)
      throw new BundleSourceError(
        `The recording has no picture of ${input.candidate.candidateId} at ${wanted} s; the nearest is at ${picture.ptsSec} s.`,
      );
    return { ...moment, path: picture.path, ptsSec: picture.ptsSec };
  });
}

/** The four files of one moment: wide and close, as taken and as masked copy. */
export async function writePictures(
  draft: string,
  picture: GrabbedPicture,
  input: BundleInput,
): Promise<WrittenPictures> {
  const { candidate, camera, clock, log } = input;
  const { role, order, sighting, ptsSec } = picture;
  const { zone } = partsInForce(input);
  const still = await readStill(picture.path, camera.privacyMasks);
  const capturedAt = sighting.at.capturedAt + (ptsSec - sighting.at.ptsSec) * 1000;
  const copies = await makeMaskedCopies(
    still,
    { box: sighting.box, label: candidate.label },
    {
      zone: zone.polygon,
      lines: copyLines({ capturedAt, role, camera, zone, bundleId: candidate.candidateId }),
    },
    input.masking,
  );
  const { reason } = copies.masking;
  if (reason !== null)
    log.warn({ candidateId: candidate.candidateId, role, reason }, "copies hide all but the subject");
  const name = (view: "still" | "close") => `${view}-${order}-${role}.jpg`;
  const wide = `originals/${name("still")}`;
  const write = async (path: string, bytes: Buffer, kind: "wide" | "close", derivedFrom: string | null) => {
    await writeNewFile(join(draft, path), bytes);
    return describeFile(draft, path, kind, "image/jpeg", derivedFrom);
  };
  const files = [
    await write(wide, still.jpeg, "wide", null),
    await write(`originals/${name("close")}`, await cutClose(still, sighting.box), "close", wide),
    await write(`masked/${name("still")}`, copies.wide, "wide", wide),
    await write(`masked/${name("close")}`, copies.close, "close", wide),
  ];
  const frame: ManifestFrame = {
    role,
    file: wide,
    ptsSec,
    capturedAt: isoUtc(capturedAt),
    clockOffsetMs: clock.offsetMs,
    sightingPtsSec: sighting.at.ptsSec,
    box: [...sighting.box],
    score: sighting.score,
    encoding: still.encoding,
  };
  const hidden = [
    { file: `masked/${name("still")}`, ...countKinds(copies.masking.wide) },
    { file: `masked/${name("close")}`, ...countKinds(copies.masking.close) },
  ];
  return { still, frame, files, hidden, masking: copies.masking };
}
