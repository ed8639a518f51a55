import { describe, expect, it } from "vitest";
import { renderTemplate, type TemplateText, templateFaults } from "./template.ts";

const spoken: TemplateText = {
  audience: "place",
  channel: "speaker_mqtt",
  textZh: "{{place}}的朋友，请{{request}}。",
  textEn: "At {{place}}: please {{request}}.",
};
const faults = (changes: Partial<TemplateText>) =>
  templateFaults({ ...spoken, ...changes }).map(({ path, message }) => `${path}: ${message}`);

describe("a template", () => {
  it("that says what and where is fit, and is filled", () => {
    expect(faults({})).toEqual([]);
    expect(renderTemplate(spoken.textZh, { place: "人民南路", request: "将车移走" })).toBe(
      "人民南路的朋友，请将车移走。",
    );
    expect(renderTemplate("{{ place }}{{shop}}", { place: "甲" })).toBe("甲");
  });

  it("names what is not there, and what is missing", () => {
    expect(faults({ textZh: "{{place}}{{request}}{{owner}}" })).toEqual([
      expect.stringContaining("textZh: {{owner}} is no placeholder"),
    ]);
    expect(faults({ textEn: "Go away" })).toEqual([
      "textEn: {{place}} is missing",
      "textEn: {{request}} is missing",
    ]);
    expect(faults({ textZh: "{{place}} {{request}} {{ {place}" })).toHaveLength(1);
  });

  it("names nobody where it is said to a place", () => {
    for (const name of ["plateTail", "shop"]) {
      const textZh = `{{place}} {{request}} {{${name}}}`;
      expect(faults({ textZh })).toEqual([expect.stringContaining(`{{${name}}} names somebody`)]);
      expect(faults({ audience: "responsible_party", textZh })).toEqual([]);
    }
    expect(faults({ audience: "vehicle_owner", textZh: "{{place}} {{request}} 川A12345" })).toEqual([
      expect.stringContaining("a whole plate"),
    ]);
  });

  it("leads nowhere but to its own letter", () => {
    for (const where of [
      "https://a.cn",
      "www.a.cn",
      "pay.example.com",
      "ｐａｙ．ｅｘａｍｐｌｅ．ｃｏｍ",
      "10.0.0.1/p",
      "缴款.中国",
    ])
      expect(faults({ channel: "sms", textZh: `{{place}} {{request}} ${where}` })).toEqual([
        expect.stringContaining("only {{link}} leads anywhere"),
      ]);
    const textEn = "At {{place}}, No. 5. {{request}} by 5 p.m. Details: {{link}}. Thank you.";
    expect(faults({ channel: "sms", textEn, textZh: "{{place}}。请{{request}}。{{link}}。" })).toEqual([]);
  });

  it("says no link, and not too much", () => {
    const textZh = "{{place}} {{request}} {{link}}";
    expect(faults({ textZh })).toEqual([expect.stringContaining("cannot be spoken")]);
    expect(faults({ channel: "sms", textZh })).toEqual([]);
    expect(faults({ textZh: `{{place}} {{request}}${"啊".repeat(200)}` })).toEqual([
      expect.stringContaining("longer than 200"),
    ]);
  });
});
