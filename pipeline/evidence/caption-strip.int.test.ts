import { describe, expect, it } from "vitest";
import { CaptionStrip } from "./caption-strip.ts";
import { CAPTION_GROUND } from "./overlay.ts";

describe("CaptionStrip", () => {
  it("is as wide as the frames, even in height, and changes with its words only", async () => {
    const strip = new CaptionStrip(["2026-01-01 12:00:00 +08:00", "cam-001"], 321);
    expect(strip.height % 2).toBe(0);
    const rows = await strip.rows(["2026-01-01 12:00:00 +08:00", "cam-001"]);
    expect(rows).toHaveLength(321 * strip.height * 3);
    expect(Buffer.from(rows.subarray(0, 3)).toString("hex")).toBe(CAPTION_GROUND.slice(1));
    expect(Math.max(...rows)).toBeGreaterThan(200);
    expect(await strip.rows(["2026-01-01 12:00:00 +08:00", "cam-001"])).toBe(rows);
    const later = await strip.rows(["2026-01-01 12:00:01 +08:00", "cam-001"]);
    expect(Buffer.compare(later, rows)).not.toBe(0);
    expect(await strip.rows(["more", "lines", "than", "there", "were"])).toHaveLength(rows.length);
  });
});
