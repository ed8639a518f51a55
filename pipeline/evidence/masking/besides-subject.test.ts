import { describe, expect, it } from "vitest";
import { besidesSubject } from "./besides-subject.ts";
import { region } from "./testing/masking-fixture.ts";

const SIZE = { width: 1000, height: 1000 };
const CAR = { box: [0.3, 0.4, 0.6, 0.7], label: "car" } as const;

function layersOf(
  regions: Parameters<typeof besidesSubject>[0],
  subject: Parameters<typeof besidesSubject>[1] = CAR,
) {
  const { above, behind } = besidesSubject(regions, subject, SIZE);
  return { above: above.length, behind: behind.length };
}

describe("besidesSubject", () => {
  it("hides everything where there is no subject", () => {
    expect(layersOf([region("vehicle", CAR.box), region("plate", [0.4, 0.6, 0.5, 0.65])], null)).toEqual({
      above: 2,
      behind: 0,
    });
  });

  it("leaves the subject itself and its own plate", () => {
    expect(
      layersOf([region("vehicle", [0.31, 0.41, 0.62, 0.71]), region("plate", [0.4, 0.6, 0.5, 0.65])]),
    ).toEqual({ above: 0, behind: 0 });
  });

  it("hides a plate beside the subject, and one inside of what is no vehicle", () => {
    expect(layersOf([region("plate", [0.7, 0.6, 0.8, 0.65])])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([region("plate", [0.4, 0.6, 0.5, 0.65])], { ...CAR, label: "umbrella" })).toEqual({
      above: 1,
      behind: 0,
    });
  });

  it("hides what stands in front of the subject whole, and what stands behind it around it", () => {
    expect(layersOf([region("vehicle", [0.5, 0.5, 0.9, 0.9])])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([region("vehicle", [0.5, 0.3, 0.9, 0.6])])).toEqual({ above: 0, behind: 1 });
    expect(layersOf([region("vehicle", [0.4, 0.5, 0.45, 0.65], { label: "motorcycle" })])).toEqual({
      above: 1,
      behind: 0,
    });
  });

  it("hides a driver's face and a person before the subject, not its lamps and its plate", () => {
    expect(layersOf([region("face", [0.4, 0.45, 0.43, 0.48])])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([region("face", [0.4, 0.6, 0.43, 0.63])])).toEqual({ above: 0, behind: 0 });
    expect(layersOf([region("face", [0.4, 0.6, 0.43, 0.63], { score: 0.9 })])).toEqual({
      above: 1,
      behind: 0,
    });
    expect(layersOf([region("head", [0.4, 0.5, 0.45, 0.6])])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([region("head", [0.4, 0.5, 0.45, 0.6], { score: 0.12 })])).toEqual({
      above: 0,
      behind: 0,
    });
    // Outside of the subject the bar is as low as the detectors'.
    expect(layersOf([region("head", [0.8, 0.5, 0.85, 0.6], { score: 0.12 })])).toEqual({
      above: 1,
      behind: 0,
    });
  });

  it("leaves the one vehicle that fits best, and of the others none that overlaps it", () => {
    const own = region("vehicle", [0.31, 0.41, 0.6, 0.71]);
    // IoU 0.5 with the subject: lower, so in front; higher, so behind.
    expect(layersOf([own, region("vehicle", [0.4, 0.45, 0.7, 0.75])])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([own, region("vehicle", [0.4, 0.4, 0.7, 0.65])])).toEqual({ above: 0, behind: 1 });
    const both = [own, region("vehicle", [0.32, 0.42, 0.61, 0.71], { label: "truck", score: 0.15 })];
    expect(layersOf(both)).toEqual({ above: 0, behind: 0 });
    expect(besidesSubject(both, CAR, SIZE).kept).toEqual(own.box);
  });

  it("keeps nothing of a vehicle that was not found before what stands behind, but all of what has no wheels", () => {
    const behind = region("vehicle", [0.5, 0.3, 0.9, 0.6]);
    expect(besidesSubject([behind], CAR, SIZE).kept).toBeNull();
    const { kept } = besidesSubject([behind], { ...CAR, label: "umbrella" }, SIZE);
    expect(kept?.map((edge) => Number(edge.toFixed(3)))).toEqual([0.291, 0.391, 0.609, 0.709]);
  });

  it("does not believe in something large before all of the subject, where that was found more surely", () => {
    const own = region("vehicle", CAR.box, { score: 0.6 });
    const around = [0.1, 0.1, 0.9, 0.95] as const;
    const truck = (score: number) => region("vehicle", around, { label: "truck", score });
    expect(layersOf([own, truck(0.35)])).toEqual({ above: 0, behind: 1 });
    expect(layersOf([own, truck(0.7)])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([truck(0.35)])).toEqual({ above: 1, behind: 0 });
    expect(layersOf([own, region("vehicle", [0.28, 0.38, 0.7, 0.75])])).toEqual({ above: 1, behind: 0 });
  });

  it("hides a plate inside of the subject's box that is another vehicle's", () => {
    const own = region("vehicle", CAR.box);
    const other = region("vehicle", [0.45, 0.3, 0.9, 0.69]);
    expect(layersOf([own, other, region("plate", [0.5, 0.6, 0.58, 0.64])])).toEqual({ above: 1, behind: 1 });
    expect(layersOf([own, other, region("plate", [0.32, 0.6, 0.4, 0.64])])).toEqual({ above: 0, behind: 1 });
  });

  it("shows no rider: no bar is higher on a two-wheeler, and its upper part is hidden whatever was found", () => {
    for (const label of ["motorcycle", "bike"]) {
      const subject = { box: [0.4, 0.4, 0.6, 0.6], label } as const;
      const own = region("vehicle", subject.box, { label });
      expect(besidesSubject([own], subject, SIZE).above).toMatchObject([{ kind: "head" }]);
      expect(besidesSubject([own], subject, SIZE).above[0]?.box[3]).toBeCloseTo(0.49);
      const unsure = [
        region("head", [0.45, 0.42, 0.5, 0.47], { score: 0.1 }),
        region("face", [0.45, 0.52, 0.5, 0.57], { score: 0.3 }),
        region("plate", [0.45, 0.55, 0.5, 0.58]),
      ];
      expect(besidesSubject([own, ...unsure], subject, SIZE).above.map(({ kind }) => kind)).toEqual([
        "head",
        "head",
        "face",
      ]);
    }
  });

  it("hides a person's head although no detector found it", () => {
    const person = { box: [0.4, 0.2, 0.5, 0.6], label: "person" } as const;
    const { above } = besidesSubject([], person, SIZE);
    expect(above).toMatchObject([{ kind: "head" }]);
    expect(above[0]?.box[3]).toBeCloseTo(0.34);
  });
});
