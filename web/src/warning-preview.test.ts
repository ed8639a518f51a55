import { describe, expect, it } from "vitest";
import words from "../../config/catalogue/warning-templates.json" with { type: "json" };
import type { Incident } from "./api.ts";
import type { TemplateList } from "./warning-api.ts";
import { type Draft, previewOf } from "./warning-preview.ts";

const now = Date.parse("2026-03-10T09:00:00+08:00");
const incident = {
  violation: "vehicle_sidewalk",
  violationName: { zh: "机动车乱停放（人行道）", en: "Motor vehicle on the pavement" },
  place: "人民南路二段",
  occurredAt: "2026-03-10T00:53:20.000Z",
  legalBasis: ["《道路交通安全法》第56条"],
  facts: { rule: { graceSeconds: 600 } },
} as unknown as Incident;
const draft: Draft = { level: 0, audience: "place", shop: null, plate: "", dueAt: null, reason: "" };
/** As the API lists them: a row for each channel. */
const templates = words.templates.flatMap(({ channels, ...row }) =>
  channels.map((channel) => ({ ...row, channel })),
) as unknown as TemplateList["items"];

describe("the preview of a warning", () => {
  it("fills the default words of the channel, and leaves nothing open", () => {
    const said = previewOf(incident, draft, "speaker_mqtt", templates, now);
    expect(said).toContain("人民南路二段");
    expect(said).toContain("将车辆驶离人行道");
    const shop = { ...draft, audience: "responsible_party" as const, shop: "示例水果店" };
    const message = previewOf(incident, shop, "sms", templates, now);
    expect(message).toContain("示例水果店");
    expect(message).toContain("2026年3月10日 09:10");
    for (const text of [said, message]) expect(text).not.toContain("{{");
  });

  it("says of a plate its end alone", () => {
    const owner = { ...draft, audience: "vehicle_owner" as const, plate: "川A12345" };
    const message = previewOf(incident, owner, "sms", templates, now);
    expect(message).toContain("345");
    expect(message).not.toContain("A12");
  });

  it("is the letter where an officer hands it over, with the officer's own date", () => {
    const later = { ...draft, dueAt: Date.parse("2026-03-12T18:00:00+08:00") };
    const letter = previewOf(incident, later, "log", templates, now);
    expect(letter).toMatch(/^温馨提示/);
    expect(letter).toContain("2026年3月12日 18:00");
    expect(letter).toContain("《道路交通安全法》第56条");
  });

  it("prefers the agency's words for the matter to the general ones, and shows an order as an order", () => {
    const general = {
      violation: null,
      audience: "place",
      channel: "speaker_mqtt",
      textZh: "一般：{{place}}",
    };
    const own = { ...general, violation: "vehicle_sidewalk", textZh: "请挪车：{{place}}" };
    const list = [general, own] as unknown as TemplateList["items"];
    expect(previewOf(incident, draft, "speaker_mqtt", list, now)).toBe("请挪车：人民南路二段");
    const order = previewOf(
      incident,
      { ...draft, level: 1, shop: "示例店", reason: "多次" },
      "sms",
      list,
      now,
    );
    expect(order).toContain("示例店：");
    expect(order).toContain("理由：多次。");
  });
});
