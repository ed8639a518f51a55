import { describe, expect, it } from "vitest";
import { ClipFrameMasker } from "./clip-frame-masker.ts";
import type { RgbPicture } from "./finder.ts";
import type { MaskSubject } from "./mask-subject.ts";
import type { PrivateRegion } from "./private-region.ts";
import { coloursIn, noisy, region } from "./testing/masking-fixture.ts";

const SIZE = { width: 320, height: 240 };
const HEAD = region("head", [0.5, 0.5, 0.6, 0.6]);
const inHead = { left: 160, top: 120, width: 32, height: 24 };

const SUBJECT = { box: [0.1, 0.1, 0.4, 0.5], label: "car" } as const;

function maskAll(
  found: readonly (readonly PrivateRegion[] | null)[],
  subject: MaskSubject | null = null,
): RgbPicture[] {
  const masker = new ClipFrameMasker();
  const masked = found.map((regions) => masker.push({ picture: noisy(SIZE), regions, subject }));
  return [...masked, masker.finish()].filter((picture) => picture !== null);
}

describe("ClipFrameMasker", () => {
  it("gives every frame once", () => {
    for (const count of [0, 1, 2, 5]) expect(maskAll(Array(count).fill([]))).toHaveLength(count);
  });

  it("hides a face where one frame missed it, and in the frames around the only one that saw it", () => {
    const missed = maskAll([[HEAD], [], [HEAD]]);
    const seenOnce = maskAll([[], [], [HEAD], [], []]);
    expect(missed.map((frame) => coloursIn(frame, inHead) <= 9 * 4)).toEqual([true, true, true]);
    expect(seenOnce.map((frame) => coloursIn(frame, inHead) <= 9 * 4)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it("hides everything in a frame that nothing could look at", () => {
    const [, second] = maskAll([[], null, []], SUBJECT);
    const whole = { left: 0, top: 0, ...SIZE };
    expect(coloursIn(second ?? noisy(SIZE), whole)).toBeLessThanOrEqual(32 * 24);
  });

  it("does not take the subject in the frames around for another vehicle", () => {
    const own = region("vehicle", SUBJECT.box);
    const inside = { left: 40, top: 40, width: 60, height: 60 };
    for (const frame of maskAll([[own], [own], [own]], SUBJECT))
      expect(coloursIn(frame, inside)).toBe(coloursIn(noisy(SIZE), inside));
  });
});
