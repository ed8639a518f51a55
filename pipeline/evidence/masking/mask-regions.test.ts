import { describe, expect, it } from "vitest";
import { hideAllBut } from "./all-but-subject.ts";
import { maskRegions } from "./mask-regions.ts";
import { coloursIn, noisy, region } from "./testing/masking-fixture.ts";

const SIZE = { width: 640, height: 480 };
const picture = noisy(SIZE);
const SUBJECT = { box: [0.5, 0.5, 0.75, 0.75], label: "car" } as const;
const inSubject = { left: 330, top: 250, width: 140, height: 100 };

describe("maskRegions", () => {
  it.each([
    ["small", [0.1, 0.1, 0.12, 0.14]],
    ["large", [0.1, 0.1, 0.5, 0.5]],
    ["flat", [0.1, 0.1, 0.5, 0.2]],
    ["cut off by the edge", [0.9, 0.9, 1, 1]],
  ] as const)("leaves a %s head with three by three blocks at most", (_size, box) => {
    const masked = maskRegions(picture, { above: [region("head", box)], behind: [], kept: null }, null);
    const left = Math.floor(box[0] * SIZE.width);
    const top = Math.floor(box[1] * SIZE.height);
    const whole = {
      left,
      top,
      width: Math.ceil(box[2] * SIZE.width) - left,
      height: Math.ceil(box[3] * SIZE.height) - top,
    };
    expect(coloursIn(masked, whole)).toBeLessThanOrEqual(9);
    expect(coloursIn(picture, whole)).toBeGreaterThan(100);
  });

  it("leaves nothing that depends on where the colours of a block lay", () => {
    const box = [0.1, 0.1, 0.2, 0.2] as const;
    const layers = { above: [region("face", box)], behind: [], kept: null };
    // Two pixels of one block change places: whoever could tell could begin to undo it.
    const swapped = { size: SIZE, pixels: new Uint8Array(picture.pixels) };
    const at = (x: number, y: number) => (y * SIZE.width + x) * 3;
    swapped.pixels.copyWithin(at(70, 50), at(72, 54), at(73, 54));
    swapped.pixels.set(picture.pixels.subarray(at(70, 50), at(71, 50)), at(72, 54));
    const face = ({ pixels }: typeof picture) => pixels.subarray(at(64, 60), at(128, 60));
    expect(
      Buffer.compare(face(maskRegions(swapped, layers, null)), face(maskRegions(picture, layers, null))),
    ).toBe(0);
    expect(Buffer.compare(swapped.pixels, picture.pixels)).not.toBe(0);
  });

  it("keeps the street, in blocks too coarse for a far face", () => {
    const masked = maskRegions(picture, { above: [], behind: [], kept: null }, null);
    const corner = { left: 0, top: 0, width: 40, height: 40 };
    expect(coloursIn(masked, corner)).toBeLessThanOrEqual(400);
    expect(coloursIn(masked, corner)).toBeGreaterThan(300);
  });

  it("keeps the subject whole before what stands behind it, and hides what lies above it", () => {
    const behind = maskRegions(
      picture,
      { above: [], behind: [region("vehicle", [0.4, 0.4, 0.9, 0.9])], kept: SUBJECT.box },
      SUBJECT,
    );
    expect(coloursIn(behind, inSubject)).toBe(coloursIn(picture, inSubject));
    const above = maskRegions(
      picture,
      { above: [region("head", [0.4, 0.4, 0.9, 0.9])], behind: [], kept: SUBJECT.box },
      SUBJECT,
    );
    expect(coloursIn(above, inSubject)).toBeLessThanOrEqual(9);
  });

  it("hides what stands behind inside the subject's box too, where the subject was not found", () => {
    const left = [0.5, 0.5, 0.62, 0.75] as const;
    const masked = maskRegions(
      picture,
      { above: [], behind: [region("vehicle", [0.4, 0.4, 0.9, 0.9])], kept: left },
      SUBJECT,
    );
    const own = { left: 330, top: 250, width: 60, height: 100 };
    const notOwn = { left: 400, top: 250, width: 70, height: 100 };
    expect(coloursIn(masked, own)).toBe(coloursIn(picture, own));
    expect(coloursIn(masked, notOwn)).toBeLessThanOrEqual(9);
  });

  it("does not touch the picture it was given", () => {
    const before = new Uint8Array(picture.pixels);
    maskRegions(picture, { above: [region("person", [0, 0, 1, 1])], behind: [], kept: SUBJECT.box }, SUBJECT);
    hideAllBut(picture, SUBJECT);
    expect(Buffer.compare(picture.pixels, before)).toBe(0);
  });
});

describe("hideAllBut", () => {
  it("hides everything without a subject, and all but it with one", () => {
    const whole = { left: 0, top: 0, ...SIZE };
    expect(coloursIn(hideAllBut(picture, null), whole)).toBeLessThanOrEqual(32 * 24);
    const masked = hideAllBut(picture, SUBJECT);
    expect(coloursIn(masked, inSubject)).toBe(coloursIn(picture, inSubject));
    expect(coloursIn(masked, { left: 0, top: 0, width: 640, height: 200 })).toBeLessThanOrEqual(32 * 10);
  });

  it("hides the upper part of who walks or rides", () => {
    for (const label of ["person", "motorcycle", "bike"]) {
      const masked = hideAllBut(picture, { ...SUBJECT, label });
      expect(coloursIn(masked, { left: 330, top: 250, width: 140, height: 30 })).toBeLessThanOrEqual(9 * 3);
      const legs = { left: 330, top: 300, width: 140, height: 50 };
      expect(coloursIn(masked, legs)).toBe(coloursIn(picture, legs));
    }
  });
});
