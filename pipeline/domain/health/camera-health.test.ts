import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DrawnCamera,
  drawScene,
  type Look,
  type Rectangle,
  sceneFormat,
  seededNumbers,
  street,
} from "../../../test-fixtures/luma-scene.ts";
import { CameraHealth } from "./camera-health.ts";

const here = street(1);
const elsewhere = street(2);
const hand: Rectangle = { left: 0, top: 0, width: 0.6, height: 1, luma: 90 };
/** Cars that drive through, two at a time. */
const traffic = (second: number): Look => ({
  over: [0, 5].map((ahead) => ({
    left: ((second + ahead) % 11) / 8 - 0.2,
    top: 0.55 + ahead / 50,
    width: 0.15,
    height: 0.14,
    luma: 230 - 20 * ahead,
  })),
});

/** A camera that has known its view for a while. */
function settled(seed = 7, look: Look | ((second: number) => Look) = {}): DrawnCamera {
  const camera = new DrawnCamera(seed);
  camera.show(here, 40, look);
  return camera;
}

describe("what is nothing but weather, light and traffic", () => {
  it("is watched: traffic, noise, rain, a cloud, a lorry that stops for a minute", () => {
    const camera = settled(1, traffic);
    camera.show(here, 60, traffic);
    camera.show(here, 60, { noise: 12 });
    const random = seededNumbers(3);
    camera.show(here, 60, () => ({
      noise: 4,
      over: Array.from({ length: 60 }, () => ({
        ...{ left: random(), top: random(), width: 0.006, height: 0.08, luma: 210 },
      })),
    }));
    camera.show(here, 30, { gain: 0.7 });
    camera.show(here, 60, { over: [{ left: 0.3, top: 0.4, width: 0.3, height: 0.4, luma: 60 }] });
    expect(camera.kinds).toEqual(["watched"]);
  });

  it("is watched through dusk in slow steps, a sudden switch to infrared, and dawn", () => {
    const camera = settled();
    camera.show(here, 300, (second) => ({ gain: 1 - second / 450, noise: 2 + second / 100 }));
    // Infrared sees other things bright.
    const infrared = here.map((part) => ({
      ...part,
      luma: part.luma > 120 ? part.luma - 60 : part.luma + 40,
    }));
    camera.show(infrared, 120, { noise: 5 });
    camera.show(here, 60);
    expect(camera.kinds).toEqual(["watched"]);
  });

  it("is watched whatever the street, the noise and the light", () => {
    const light = fc.record({
      noise: fc.double({ min: 1, max: 6, noNaN: true }),
      gain: fc.double({ min: 0.6, max: 1.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), light, light, (seed, first, then) => {
        const camera = new DrawnCamera(seed);
        camera.show(street(seed), 25, first);
        camera.show(street(seed), 25, then);
        expect(camera.kinds).toEqual(["watched"]);
      }),
      { numRuns: 6, seed: 7 },
    );
  });
});

describe("what keeps a camera from seeing", () => {
  const faults = [
    ["a hand before the lens", "covered", here, { over: [hand] }],
    ["a black picture", "blind", here, { gain: 0, lift: 17 }],
    ["headlights into the lens", "blind", here, { gain: 0.05, lift: 240 }],
    ["fog", "blind", here, { gain: 0.04, lift: 140 }],
    ["a turned camera", "view_moved", elsewhere, {}],
    ["a shift by 3 % of the width", "view_moved", here, { shift: 0.03 }],
    ["a shift by 6 % to the left", "view_moved", here, { shift: -0.06 }],
  ] as const;

  for (const [name, kind, scene, look] of faults)
    it(`${name}: ${kind} within 20 s, not at once, and watched again when it is over`, () => {
      const camera = settled(5, traffic);
      expect(camera.show(scene, 4, look)).toBe("watched");
      expect(camera.show(scene, 16, look)).toBe(kind);
      expect(camera.show(scene, 60, look)).toBe(kind);
      expect(camera.show(here, 45, traffic)).toBe("watched");
      expect(camera.kinds).toEqual(["watched", kind, "watched"]);
    });

  it("is a picture that repeats exactly", () => {
    const camera = settled();
    const still = drawScene(here, {}, seededNumbers(9));
    for (let frame = 0; frame < 40; frame++) camera.give(still);
    expect(camera.health.kind).toBe("frozen");
    camera.show(here, 10);
    expect(camera.kinds).toEqual(["watched", "frozen", "watched"]);
  });

  it("is a stream that does not run, until the next frame", () => {
    const camera = new DrawnCamera(1);
    expect(camera.health.kind).toBe("offline");
    camera.health.stream(true);
    expect(camera.health.kind).toBe("offline");
    camera.show(here, 30);
    camera.health.stream(false);
    expect(camera.health.kind).toBe("offline");
    camera.health.stream(true);
    expect(camera.show(here, 1)).toBe("watched");
  });

  it("is a clock that stays off", () => {
    const camera = settled();
    const tell = (offsetMs: number, seconds: number): void => {
      for (let second = 0; second < seconds; second += 5) {
        clockSec += 5;
        camera.health.clock({ offsetMs, driftPpm: 20 }, camera.nowMs + clockSec * 1000);
      }
    };
    let clockSec = 0;
    tell(30, 60);
    tell(-4_000, 10);
    expect(camera.health.kind).toBe("watched");
    tell(-4_000, 10);
    expect(camera.health.kind).toBe("clock_off");
    tell(1_500, 60);
    expect(camera.health.kind).toBe("clock_off");
    tell(300, 20);
    expect(camera.health.kind).toBe("watched");
  });
});

describe("a new view", () => {
  it("is not learnt by itself, is learnt once a person accepts it, and then the old one is the wrong one", () => {
    const camera = settled();
    expect(camera.show(elsewhere, 120)).toBe("view_moved");
    camera.health.acceptView(camera.nowMs);
    expect(camera.health.kind).toBe("watched");
    expect(camera.show(elsewhere, 60)).toBe("watched");
    expect(camera.show(here, 20)).toBe("view_moved");
  });

  it("is accepted once, however often that is told", () => {
    const camera = settled();
    camera.show(elsewhere, 30);
    const acceptedAt = camera.nowMs;
    camera.health.acceptView(acceptedAt);
    expect(camera.health.viewAcceptedAt).toBe(acceptedAt);
    camera.show(elsewhere, 30);
    expect(camera.show(here, 20)).toBe("view_moved");
    camera.health.acceptView(acceptedAt);
    expect(camera.health.kind).toBe("view_moved");
  });
});

describe("the next worker", () => {
  const handedOver = (camera: DrawnCamera): unknown => JSON.parse(JSON.stringify(camera.health.state()));

  it("knows the view, and what was wrong with it", () => {
    const first = settled();
    const second = new DrawnCamera(8, handedOver(first));
    expect(second.show(here, 20)).toBe("watched");
    expect(second.show(here, 20, { shift: 0.05 })).toBe("view_moved");
    const third = new DrawnCamera(9, handedOver(second));
    expect(third.show(here, 1, { shift: 0.05 })).toBe("view_moved");
    expect(third.show(here, 60)).toBe("watched");
  });

  it("begins anew with what is no such state", () => {
    for (const resume of [
      null,
      3,
      {},
      [],
      { version: 2 },
      { ...settled().health.state(), memory: { prints: [{}] } },
    ]) {
      const camera = new DrawnCamera(1, resume);
      expect(camera.show(here, 20)).toBe("watched");
    }
    expect(() => new CameraHealth("nonsense")).not.toThrow();
  });
});

describe("motion", () => {
  it("is what moves, not noise and not light", () => {
    const camera = settled();
    camera.motions = 0;
    camera.show(here, 10);
    camera.show(here, 30, (second) => ({ gain: 1 - second / 100, lift: second / 2 }));
    expect(camera.motions).toBe(0);
    camera.show(here, 10, (second) => ({
      gain: 0.7,
      lift: 15,
      over: [{ left: 0.2 + second / 20, top: 0.5, width: 0.03, height: 0.12, luma: 250 }],
    }));
    expect(camera.motions).toBeGreaterThan(15);
  });

  it("counts from the frame analysed last", () => {
    const health = new CameraHealth();
    const random = seededNumbers(4);
    const look = (over: readonly Rectangle[], at: number): boolean =>
      health.frame(drawScene(here, { over }, random), sceneFormat, 1920, 1080, { capturedAt: at, ptsSec: 0 })
        .motion;
    expect([look([], 1_000), look([], 1_500)]).toEqual([true, true]);
    health.analysed();
    expect([look([], 2_000), look([hand], 2_500), look([hand], 3_000)]).toEqual([false, true, true]);
    health.analysed();
    expect([look([hand], 3_500), look([], 4_000)]).toEqual([false, true]);
  });
});
