import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placePicture } from "../../domain/place-picture.ts";
import { CandidateBuffer } from "./candidate-buffer.ts";
import { toSource } from "./to-source.ts";

const size = { width: 416, height: 416 };

describe("toSource", () => {
  function back(
    box: readonly [number, number, number, number],
    resize: "stretch" | "letterbox-topleft" | "letterbox-center",
  ) {
    const candidates = new CandidateBuffer();
    candidates.push(...box, 0.5, 7);
    return [...toSource(candidates, [0], { ...size, resize }, { width: 1920, height: 1080 })];
  }

  it("undoes the stretch and both letterboxes", () => {
    expect(back([104, 104, 208, 312], "stretch")).toEqual([0.25, 0.25, 0.5, 0.75, 0.5, 7]);
    expect(back([104, 58.5, 208, 117], "letterbox-topleft")).toEqual([0.25, 0.25, 0.5, 0.5, 0.5, 7]);
    expect(back([104, 91 + 58.5, 208, 91 + 117], "letterbox-center")).toEqual([0.25, 0.25, 0.5, 0.5, 0.5, 7]);
  });

  it("cuts off what reaches beyond the picture", () => {
    expect(back([-50, 0, 500, 300], "letterbox-topleft")).toEqual([0, 0, 1, 1, 0.5, 7]);
  });

  it("drops what lies in the padding alone, and boxes turned inside out", () => {
    expect(back([10, 300, 50, 400], "letterbox-topleft")).toEqual([]);
    expect(back([10, 10, 50, 80], "letterbox-center")).toEqual([]);
    expect(back([50, 100, 10, 200], "stretch")).toEqual([]);
  });

  it("finds any box again where it was", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const side = fc.integer({ min: 16, max: 4000 });
    const resize = fc.constantFrom("stretch", "letterbox-topleft", "letterbox-center");
    fc.assert(
      fc.property(unit, unit, side, side, resize, (x, y, width, height, how) => {
        const format = { width: 640, height: 352, resize: how };
        const place = placePicture(format, width, height);
        const candidates = new CandidateBuffer();
        candidates.push(
          place.left + (x * place.width) / 2,
          place.top + (y * place.height) / 2,
          place.left + place.width,
          place.top + place.height,
          1,
          0,
        );
        const [x1, y1, x2, y2] = toSource(candidates, [0], format, { width, height });
        expect([x1, y1, x2, y2]).toEqual([x / 2, y / 2, 1, 1].map((value) => expect.closeTo(value, 4)));
      }),
    );
  });
});
