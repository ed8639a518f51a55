import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placePicture } from "./place-picture.ts";

const size = { width: 416, height: 416 };

describe("placePicture", () => {
  it("fills the whole input when stretching", () => {
    expect(placePicture({ ...size, resize: "stretch" }, 1920, 1080)).toEqual({ left: 0, top: 0, ...size });
  });

  it("keeps the aspect, at the top left or in the middle", () => {
    const place = { width: 416, height: 234 };
    expect(placePicture({ ...size, resize: "letterbox-topleft" }, 1920, 1080)).toEqual({
      left: 0,
      top: 0,
      ...place,
    });
    expect(placePicture({ ...size, resize: "letterbox-center" }, 1920, 1080)).toEqual({
      left: 0,
      top: 91,
      ...place,
    });
    expect(placePicture({ ...size, resize: "letterbox-center" }, 1080, 1920)).toEqual({
      left: 91,
      top: 0,
      width: 234,
      height: 416,
    });
  });

  it("leaves at least a line of a picture that is all width", () => {
    expect(placePicture({ ...size, resize: "letterbox-center" }, 10_000, 3)).toMatchObject({
      width: 416,
      height: 1,
    });
  });

  it("keeps sides and margins even in 4:2:0, where a chroma sample belongs to two by two pixels", () => {
    const planar = { ...size, resize: "letterbox-center", pixelFormat: "yuv420p" } as const;
    expect(placePicture(planar, 1920, 1080)).toEqual({ left: 0, top: 90, width: 416, height: 234 });
    expect(placePicture(planar, 1920, 1075)).toEqual({ left: 0, top: 92, width: 416, height: 232 });
    expect(placePicture(planar, 10_000, 3)).toMatchObject({ width: 416, height: 2 });
  });

  it("stays inside the input, whatever the picture", () => {
    const side = fc.integer({ min: 1, max: 8000 });
    const resize = fc.constantFrom("stretch", "letterbox-topleft", "letterbox-center");
    fc.assert(
      fc.property(side, side, side, side, resize, (width, height, sourceWidth, sourceHeight, how) => {
        const place = placePicture({ width, height, resize: how }, sourceWidth, sourceHeight);
        expect(place.left).toBeGreaterThanOrEqual(0);
        expect(place.top).toBeGreaterThanOrEqual(0);
        expect(place.left + place.width).toBeLessThanOrEqual(width);
        expect(place.top + place.height).toBeLessThanOrEqual(height);
        expect(Math.min(place.width, place.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
