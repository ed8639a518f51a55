import { describe, expect, it } from "vitest";
import { wordsFor } from "./notice-text.ts";

const letterZh = {
  title: "温馨提示",
  salutation: "您好：",
  paragraphs: ["看到占道经营。", "请您收回店内。", "依据：某法。"],
  signature: "城市管理行政执法部门",
  date: "2026年3月10日",
};
const letterEn = { ...letterZh, title: "A friendly notice", paragraphs: ["We saw it.", "Please move it."] };
const link = "https://desk.example/w/$&key";
const told = { text: null, letterZh, letterEn, link };

describe("what a channel says", () => {
  it("is the whole letter in both languages with the link, in a mail", () => {
    const text = wordsFor({ words: "letter" }, told);
    for (const part of ["温馨提示", "依据：某法。", "A friendly notice", link]) expect(text).toContain(part);
  });

  it("is short and signed in a message", () => {
    expect(wordsFor({ words: "message" }, told)).toBe(
      `【城市管理行政执法部门】看到占道经营。请您收回店内。详情：${link}`,
    );
  });

  it("is nothing but words from a loudspeaker", () => {
    expect(wordsFor({ words: "speech" }, told)).toBe("您好：看到占道经营。请您收回店内。");
    expect(wordsFor({ words: "speech" }, { ...told, text: "请挪车。{{link}}" })).toBe("请挪车。");
  });

  it("is the channel's own text where there is one, with the link as it is", () => {
    expect(wordsFor({ words: "message" }, { ...told, text: "请挪车，见 {{link}} 或 {{ link }}" })).toBe(
      `请挪车，见 ${link} 或 ${link}`,
    );
  });
});
