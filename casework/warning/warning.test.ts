import { describe, expect, it } from "vitest";
import {
  composeWarning,
  type DeliveryState,
  graceEnd,
  letterText,
  type WarningFacts,
  warningStateOf,
} from "./warning.ts";

const facts: WarningFacts = {
  place: "人民南路二段",
  occurredAt: Date.parse("2026-03-09T17:05:00Z"),
  violationZh: "机动车乱停放（人行道）",
  violationEn: "vehicle parked on the pavement",
  requestZh: "将车辆驶离人行道",
  requestEn: "move the vehicle off the pavement",
  basisZh: "《中华人民共和国道路交通安全法》第五十六条",
  basisEn: "Road Traffic Safety Law, Art. 56",
  agencyZh: "城市管理局",
  agencyEn: "City Management Bureau",
  graceUntil: graceEnd(Date.parse("2026-03-09T17:10:00Z"), 600),
  writtenAt: Date.parse("2026-03-09T17:10:00Z"),
};

describe("warning letter", () => {
  const { zh, en } = composeWarning(facts);

  it("says what, where, until when and on what basis, in local time", () => {
    const textZh = letterText(zh);
    for (const part of [
      "2026年3月10日 01:05",
      "人民南路二段",
      "机动车乱停放（人行道）",
      "2026年3月10日 01:20前将车辆驶离人行道",
      facts.basisZh,
      "城市管理局",
    ]) {
      expect(textZh).toContain(part);
    }
    const textEn = letterText(en);
    for (const part of [
      "10 March 2026, 01:05",
      "move the vehicle off the pavement by 10 March 2026, 01:20",
    ]) {
      expect(textEn).toContain(part);
    }
  });

  it("says that it is no penalty and that answering costs nothing", () => {
    expect(letterText(zh)).toContain("不是处罚决定");
    expect(letterText(zh)).toContain("不会给您带来任何不利后果");
    expect(letterText(en)).toContain("not a penalty");
    expect(letterText(en)).toContain("never be held against you");
  });
});

describe("warning state", () => {
  it.each([
    [[], false, "draft"],
    [["pending", "pending"], false, "draft"],
    [["pending", "failed"], false, "draft"],
    [["failed", "failed"], false, "failed"],
    [["sent", "failed"], false, "sent"],
    [["sent", "delivered", "failed"], false, "delivered"],
    [["failed"], true, "opened"],
  ] as [DeliveryState[], boolean, string][])("%j, opened %s: %s", (deliveries, opened, expected) => {
    expect(warningStateOf(deliveries, opened)).toBe(expected);
  });
});
