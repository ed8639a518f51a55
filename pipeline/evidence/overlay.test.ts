import { describe, expect, it } from "vitest";
import { captionSvg, escapeXml, wrapText } from "./overlay.ts";

describe("text on copies", () => {
  it("escapes markup and drops what XML cannot hold", () => {
    expect(escapeXml('<a&"b">\u0000\u0008\ud800𠮷')).toBe("&lt;a&amp;&quot;b&quot;&gt;𠮷");
  });
  it("wraps by width, Chinese characters counting full", () => {
    expect(wrapText("人民南路abc", 3)).toEqual(["人民南", "路abc"]);
    expect(wrapText("短", 3)).toEqual(["短"]);
  });
  it("grows with the number of lines", () => {
    expect(captionSvg(["a", "b", "c"], 640).height).toBeGreaterThan(captionSvg(["a"], 640).height);
  });
});
