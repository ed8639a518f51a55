import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box, Detection } from "../../domain/types.ts";
import type { Region } from "../picture-region.ts";
import { findPrivate } from "./find-private.ts";
import { headOf, riderHeadOf } from "./head.ts";
import { countKinds } from "./private-region.ts";
import { fakeDetectors, noisy } from "./testing/masking-fixture.ts";
import { tilesFor } from "./tiles.ts";

const SIZE = { width: 1000, height: 1000 };

function found(label: string, box: Box, score = 0.5): Detection {
  return { label, box, score };
}

describe("headOf", () => {
  it("is the upper third and more of who stands, at full width", () => {
    const { box, whole } = headOf([0.4, 0.2, 0.5, 0.6], SIZE);
    expect(whole).toBe(false);
    expect(box[0]).toBeLessThan(0.4);
    expect(box[1]).toBeLessThan(0.2);
    expect(box[2]).toBeGreaterThan(0.5);
    expect(box[3]).toBeCloseTo(0.2 + 0.35 * 0.4);
  });

  it("reaches further down on who sits, and hides who lies or shows head and shoulders only", () => {
    expect(headOf([0.4, 0.2, 0.6, 0.5], SIZE).box[3]).toBeCloseTo(0.2 + 0.9 * 0.2);
    for (const box of [
      [0.2, 0.2, 0.8, 0.4],
      [0.2, 0.2, 0.65, 0.6],
    ] as const)
      expect(headOf(box, SIZE)).toMatchObject({
        whole: true,
        box: [expect.any(Number), expect.any(Number), expect.any(Number), box[3]],
      });
  });

  it("counts width and height in pixels, not in shares of the picture", () => {
    const wide = { width: 2000, height: 500 };
    // 0.1 × 2000 = 200 px wide, 0.4 × 500 = 200 px high.
    expect(headOf([0.1, 0.1, 0.2, 0.5], wide).whole).toBe(false);
    expect(headOf([0.1, 0.1, 0.22, 0.5], wide).whole).toBe(true);
  });
});

describe("riderHeadOf", () => {
  it("is the upper half of bike and rider, however wide", () => {
    const [x1, y1, x2, y2] = riderHeadOf([0.2, 0.4, 0.8, 0.6]);
    expect(x1).toBeLessThan(0.2);
    expect(y1).toBeLessThan(0.4);
    expect(x2).toBeGreaterThan(0.8);
    expect(y2).toBeCloseTo(0.49);
  });
});

describe("tilesFor", () => {
  it("covers every pixel at every scale, inside the picture", () => {
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 64, max: 800 }), (width, height, smallest) => {
        const tiles = tilesFor({ width, height }, smallest);
        expect(tiles[0]).toEqual({ left: 0, top: 0, width, height });
        for (const { left, top, width: across, height: down } of tiles) {
          expect(Math.min(left, top, across - 1, down - 1)).toBeGreaterThanOrEqual(0);
          expect(left + across).toBeLessThanOrEqual(width);
          expect(top + down).toBeLessThanOrEqual(height);
        }
        for (const scale of new Set(tiles.map((tile) => Math.max(tile.width, tile.height))))
          for (const [x, y] of [
            [0, 0],
            [width - 1, height - 1],
            [width >> 1, height >> 1],
          ] as const)
            expect(
              tiles.some((tile) => Math.max(tile.width, tile.height) === scale && holds(tile, x, y)),
            ).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  function holds({ left, top, width, height }: Region, x: number, y: number): boolean {
    return x >= left && x < left + width && y >= top && y < top + height;
  }

  it("is the picture alone where tiles would show no more", () => {
    expect(tilesFor({ width: 640, height: 360 }, 512)).toHaveLength(1);
  });
});

describe("findPrivate", () => {
  it("hides heads of persons and riders, faces, plates and whole vehicles, and nothing else", async () => {
    const regions = await findPrivate(
      noisy({ width: 40, height: 40 }),
      fakeDetectors({
        objects: [
          found("person", [0.1, 0.1, 0.15, 0.4]),
          found("bike", [0.6, 0.1, 0.65, 0.4]),
          found("car", [0.3, 0.5, 0.6, 0.7]),
          found("dog", [0.8, 0.8, 0.9, 0.9]),
        ],
        faces: [found("face", [0.4, 0.4, 0.5, 0.5])],
        plates: [found("licence plate", [0.4, 0.6, 0.5, 0.65]), found("vehicle", [0.3, 0.5, 0.6, 0.7])],
      }),
    );
    // The bike is a vehicle and has a rider.
    expect(countKinds(regions)).toEqual({ face: 1, head: 2, plate: 1, vehicle: 2, person: 0 });
    const face = regions.find(({ kind }) => kind === "face")?.box ?? [1, 1, 0, 0];
    expect(face[0]).toBeLessThan(0.4);
    expect(face[3]).toBeGreaterThan(0.5);
  });

  it("puts what a tile shows in its place, and once", async () => {
    const detectors = fakeDetectors({});
    const seen: Region[] = [];
    const objects = {
      ...detectors.objects,
      smallestTile: 100,
      find(_picture: unknown, tile: Region) {
        seen.push(tile);
        // One car, at 120–160 × 20–60 px, in every tile that shows all of it.
        const inside = tile.left <= 120 && tile.left + tile.width >= 160;
        if (!inside) return Promise.resolve([]);
        const x = (value: number) => (value - tile.left) / tile.width;
        const y = (value: number) => (value - tile.top) / tile.height;
        return Promise.resolve([found("car", [x(120), y(20), x(160), y(60)])]);
      },
    };
    const size = { width: 300, height: 100 };
    const regions = await findPrivate(noisy(size), { ...detectors, objects });
    expect(seen.length).toBeGreaterThan(3);
    expect(regions).toHaveLength(1);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = regions[0]?.box ?? [];
    expect([x1 * 300, y1 * 100, x2 * 300, y2 * 100].map(Math.round)).toEqual([119, 19, 161, 61]);
  });

  it("takes no head from a tile that cuts it off", async () => {
    const detectors = fakeDetectors({});
    const objects = {
      ...detectors.objects,
      smallestTile: 100,
      find: (_picture: unknown, tile: Region) =>
        Promise.resolve(tile.top > 0 ? [found("person", [0.4, 0, 0.5, 0.5])] : []),
    };
    expect(await findPrivate(noisy({ width: 100, height: 400 }), { ...detectors, objects })).toEqual([]);
  });

  it("looks at few tiles at once, however large the picture", async () => {
    let inFlight = 0;
    let most = 0;
    let looks = 0;
    const find = async () => {
      looks += 1;
      most = Math.max(most, ++inFlight);
      await Promise.resolve();
      inFlight -= 1;
      return [];
    };
    const { objects, faces } = fakeDetectors({});
    const small = { ...objects, smallestTile: 128, find };
    const size = { width: 3840, height: 2160 };
    await findPrivate(
      { size, pixels: new Uint8Array(0) },
      { objects: small, faces: { ...faces, ...small }, plates: null, close: () => Promise.resolve() },
    );
    expect(looks).toBeGreaterThan(500);
    expect(most).toBe(4);
  });

  it("begins no further tile when one fails", async () => {
    let looks = 0;
    const find = () => {
      looks += 1;
      return Promise.reject(new Error("it is gone"));
    };
    const detectors = fakeDetectors({});
    const objects = { ...detectors.objects, smallestTile: 16, find };
    await expect(findPrivate(noisy({ width: 400, height: 400 }), { ...detectors, objects })).rejects.toThrow(
      "it is gone",
    );
    expect(looks).toBeLessThanOrEqual(4);
  });
});
