import { expect, it } from "vitest";
import { groundOf } from "./plate-colour.ts";

type Rgb = readonly [number, number, number];

/** A ground with a third of it covered by characters. */
function plate(ground: Rgb, characters: Rgb) {
  const pixels = new Uint8Array(90 * 30 * 3);
  for (let at = 0; at < 90 * 30; at++) pixels.set(at % 3 === 0 ? characters : ground, 3 * at);
  return { pixels, size: { width: 90, height: 30 } };
}

const WHITE: Rgb = [235, 235, 240];
const BLACK: Rgb = [25, 22, 24];

it.each([
  ["blue", [20, 60, 160], WHITE],
  ["blue", [60, 80, 130], WHITE],
  ["yellow", [220, 170, 20], BLACK],
  ["green", [70, 190, 120], BLACK],
  ["green", [150, 220, 180], BLACK],
  ["white", [225, 228, 230], BLACK],
  ["black", BLACK, WHITE],
  ["unknown", [100, 100, 104], [180, 180, 180]],
  ["unknown", [190, 40, 40], WHITE],
] as const)("%s: ground %j with characters %j", (kind, ground, characters) => {
  expect(groundOf(plate(ground, characters))).toBe(kind);
});
