import { expect, it } from "vitest";
import { composeOrder } from "./order-letter.ts";
import { letterText } from "./warning.ts";

it("orders somebody by name, says why, by when, on what it rests, and that they may object", () => {
  const letters = composeOrder({
    place: "人民南路二段",
    occurredAt: Date.parse("2026-03-10T01:00:00Z"),
    violationZh: "店外经营",
    violationEn: "trading outside the shop line",
    requestZh: "将店外的物品移回店内",
    requestEn: "take it back into the shop",
    basisZh: "《城市道路管理条例》第27条第1项",
    basisEn: "Urban Road Regulation, Art. 27(1)",
    agencyZh: "城市管理行政执法部门",
    agencyEn: "City management",
    graceUntil: Date.parse("2026-03-12T10:00:00Z"),
    writtenAt: Date.parse("2026-03-10T02:00:00Z"),
    addresseeZh: "某某小吃店",
    reasonZh: "劝导后未改正",
  });
  const text = letterText(letters.zh);
  for (const part of [
    "某某小吃店：",
    "责令",
    "2026年3月12日 18:00前",
    "第27条",
    "劝导后未改正",
    "陈述和申辩",
  ])
    expect(text).toContain(part);
  expect(letterText(letters.en)).toContain("12 March 2026, 18:00");
});
