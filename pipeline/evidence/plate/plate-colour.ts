import type { PlateKind } from "./plate-grammar.ts";
import type { RgbPicture } from "./rgb-picture.ts";

/** A colour must cover this share of the plate's pixels; characters cover about a third. */
const LEAST_SHARE = 0.3;

/**
 * Colour of the ground of a flat plate. White and black are only said where the picture has no colour to speak of;
 * a night picture in grey is `unknown`, because every plate looks like that.
 */
export function groundOf({ pixels, size }: RgbPicture): PlateKind {
  const counts = { blue: 0, green: 0, yellow: 0, white: 0, black: 0, unknown: 0 };
  for (let at = 0; at < pixels.length; at += 3)
    counts[colourOf(pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number)]++;
  const total = size.width * size.height;
  const coloured = (["blue", "green", "yellow"] as const).toSorted((a, b) => counts[b] - counts[a])[0];
  if (coloured !== undefined && counts[coloured] >= LEAST_SHARE * total) return coloured;
  if (counts.blue + counts.green + counts.yellow > 0.1 * total) return "unknown";
  // White ground with dark characters and black ground with white ones: the ground covers most of the plate.
  if (counts.white > 0.5 * total && counts.white > 1.5 * counts.black) return "white";
  return counts.black > 0.5 * total && counts.black > 1.5 * counts.white ? "black" : "unknown";
}

function colourOf(red: number, green: number, blue: number): PlateKind {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  const saturation = high === 0 ? 0 : (high - low) / high;
  if (high < 60) return "black";
  if (saturation < 0.18) return high > 150 ? "white" : "unknown";
  const hue = hueOf(red, green, blue, high, low);
  if (hue >= 190 && hue < 265) return "blue";
  if (hue >= 75 && hue < 185) return "green";
  return hue >= 25 && hue < 70 ? "yellow" : "unknown";
}

/** Degrees of the colour circle: red 0, green 120, blue 240. */
function hueOf(red: number, green: number, blue: number, high: number, low: number): number {
  const span = high - low;
  if (high === red) return (60 * (green - blue)) / span + (green < blue ? 360 : 0);
  if (high === green) return 120 + (60 * (blue - red)) / span;
  return 240 + (60 * (red - green)) / span;
}
