import type { Box, Detection } from "../../../domain/types.ts";
import type { PictureSize, Region } from "../../picture-region.ts";
import type { Finder, MaskingDetectors, RgbPicture } from "../finder.ts";
import type { PrivateKind, PrivateRegion } from "../private-region.ts";

/** A picture in which every pixel differs from its neighbours. */
export function noisy(size: PictureSize): RgbPicture {
  let state = 7;
  const pixels = Uint8Array.from({ length: size.width * size.height * 3 }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state >> 16;
  });
  return { pixels, size };
}

/** How many colours a rectangle of a picture has. */
export function coloursIn({ pixels, size }: RgbPicture, { left, top, width, height }: Region): number {
  const colours = new Set<string>();
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + width; x++) {
      const at = (y * size.width + x) * 3;
      colours.add(pixels.subarray(at, at + 3).join());
    }
  return colours.size;
}

export function region(
  kind: PrivateKind,
  box: Box,
  { score = 0.5, label = kind === "vehicle" ? "car" : "person" } = {},
): PrivateRegion {
  return { kind, box, score, label };
}

/** Sees in the whole picture what it is told, and in tiles nothing. */
export function fakeFinder(modelId: string, found: readonly Detection[]): Finder {
  return {
    modelId,
    modelSha256: "0".repeat(64),
    minScore: 0.1,
    smallestTile: 100_000,
    find: () => Promise.resolve(found),
  };
}

export function fakeDetectors(found: {
  readonly objects?: readonly Detection[];
  readonly faces?: readonly Detection[];
  readonly plates?: readonly Detection[];
}): MaskingDetectors {
  return {
    objects: fakeFinder("objects-model", found.objects ?? []),
    faces: fakeFinder("faces-model", found.faces ?? []),
    plates: found.plates === undefined ? null : fakeFinder("plates-model", found.plates),
    close: () => Promise.resolve(),
  };
}

/** Detectors that fail as a crashed thread does. */
export function brokenDetectors(error: Error): MaskingDetectors {
  const detectors = fakeDetectors({});
  return { ...detectors, objects: { ...detectors.objects, find: () => Promise.reject(error) } };
}
