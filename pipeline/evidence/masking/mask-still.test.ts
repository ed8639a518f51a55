import { describe, expect, it } from "vitest";
import { AppError } from "../../domain/errors.ts";
import { maskStill } from "./mask-still.ts";
import { brokenDetectors, coloursIn, fakeDetectors, noisy } from "./testing/masking-fixture.ts";

class CrashError extends AppError {
  readonly code = "inference.thread_crashed";
}

const picture = noisy({ width: 320, height: 240 });
const SUBJECT = { box: [0.4, 0.4, 0.6, 0.6], label: "car" } as const;
const street = { left: 0, top: 0, width: 100, height: 200 };

describe("maskStill", () => {
  it("hides what was found and says by whom", async () => {
    const person = { label: "person", box: [0.1, 0.1, 0.15, 0.5], score: 0.7 } as const;
    const masked = await maskStill(picture, SUBJECT, fakeDetectors({ objects: [person] }));
    expect(masked).toMatchObject({
      mode: "private_regions",
      reason: null,
      regions: [{ kind: "head", score: 0.7 }],
    });
    expect(masked.detectors.map(({ id }) => id)).toEqual(["objects-model", "faces-model"]);
    expect(coloursIn(masked.picture, street)).toBeGreaterThan(1000);
  });

  it("hides all but the subject where there are no detectors or one fails, and says why", async () => {
    const none = await maskStill(picture, SUBJECT, null);
    const broken = await maskStill(picture, SUBJECT, brokenDetectors(new CrashError("it is gone")));
    expect(none).toMatchObject({ mode: "all_but_subject", detectors: [], regions: [] });
    expect(broken.reason).toBe("inference.thread_crashed: it is gone");
    for (const { picture: masked } of [none, broken])
      expect(coloursIn(masked, street)).toBeLessThanOrEqual(11 * 21);
  });

  it("does not take a fault of the program for a detector's", async () => {
    await expect(maskStill(picture, SUBJECT, brokenDetectors(new TypeError("a bug")))).rejects.toThrow(
      "a bug",
    );
  });
});
