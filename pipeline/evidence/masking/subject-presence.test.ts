import { describe, expect, it } from "vitest";
import type { Box, Detection } from "../../domain/types.ts";
import { SubjectPresence } from "./subject-presence.ts";

const CAR = { box: [0.4, 0.4, 0.6, 0.6], label: "car" } as const;

function at(box: Box, label = "car"): Detection {
  return { box, label, score: 0.5 };
}

/** In which frames the subject is excepted: 1, or 0. */
function presence(frames: readonly (readonly Detection[])[]): number[] {
  const follows = new SubjectPresence();
  return frames.map((objects) => (follows.at(CAR, objects) === null ? 0 : 1));
}

describe("SubjectPresence", () => {
  it("is there while something of its kind is found in its place, and is where that was found", () => {
    const found = at([0.41, 0.4, 0.61, 0.6], "truck");
    expect(new SubjectPresence().at(CAR, [at([0.45, 0.4, 0.65, 0.6]), found])).toEqual({
      box: found.box,
      label: "car",
    });
    expect(
      presence([[at(CAR.box, "person")], [at(CAR.box, "motorcycle")], [at([0.5, 0.5, 0.7, 0.7])]]),
    ).toEqual([0, 0, 0]);
  });

  it("bears two frames without, and is gone then until it is found again", () => {
    const here = [at(CAR.box)];
    expect(presence([[], here, [], [], here, [], [], [], [], here])).toEqual([0, 1, 1, 1, 1, 1, 1, 0, 0, 1]);
  });

  it("does not leave the place clear for the next that comes by", () => {
    const passing = [at([0.5, 0.42, 0.75, 0.62])];
    expect(presence([[at(CAR.box)], passing, passing, passing, passing])).toEqual([1, 1, 1, 0, 0]);
  });

  it("is nowhere before it was seen, and not where it was seen when it is expected elsewhere", () => {
    const follows = new SubjectPresence();
    expect(follows.at(null, [at(CAR.box)])).toBeNull();
    expect(follows.at(CAR, [at(CAR.box)])).not.toBeNull();
    expect(follows.at({ ...CAR, box: [0, 0, 0.2, 0.2] }, [])).toBeNull();
    expect(follows.at(CAR, [])).toBeNull();
  });

  it("knows what has no wheels by its name alone", () => {
    const follows = new SubjectPresence();
    const stall = { ...CAR, label: "umbrella" };
    expect(follows.at(stall, [at(CAR.box)])).toBeNull();
    expect(follows.at(stall, [at(CAR.box, "umbrella")])).not.toBeNull();
  });
});
