import { describe, expect, it } from "vitest";
import type { Detector } from "./domain/ports.ts";
import { findPrivate } from "./evidence/masking/find-private.ts";
import { Limiter } from "./evidence/masking/limiter.ts";
import { fakeDetectors } from "./evidence/masking/testing/masking-fixture.ts";
import { finderOf } from "./open-masking.ts";

describe("finderOf", () => {
  it("asks its detector for few tiles at once, however many pictures are looked at", async () => {
    let inFlight = 0;
    let most = 0;
    let asked = 0;
    const detector: Detector = {
      modelId: "counts",
      modelSha256: "0".repeat(64),
      format: { width: 32, height: 32, pixelFormat: "rgb24", resize: "stretch", padByte: 0 },
      labels: ["person"],
      async detect() {
        asked += 1;
        most = Math.max(most, ++inFlight);
        await new Promise<void>((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return [];
      },
      close: () => Promise.resolve(),
    };
    const objects = finderOf(detector, new Limiter(3), 0.1, 64);
    const picture = { size: { width: 320, height: 240 }, pixels: new Uint8Array(320 * 240 * 3) };
    await Promise.all(
      Array.from({ length: 5 }, () => findPrivate(picture, { ...fakeDetectors({}), objects })),
    );
    expect(asked).toBeGreaterThan(100);
    expect(most).toBe(3);
  });
});
