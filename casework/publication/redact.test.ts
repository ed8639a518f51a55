import { describe, expect, it } from "vitest";
import { party, unitParty } from "../case/testing/builders.ts";
import { containsPersonalData, isMinor, personalDataIn, publicName, redactText } from "./redact.ts";

describe("names in public", () => {
  it("are a surname for natural persons and whole for units", () => {
    expect(publicName(party())).toBe("张某某");
    expect(publicName(party({ name: "欧阳明日" }))).toBe("欧阳某某");
    expect(publicName(party({ name: "阿依古丽·买买提" }))).toBe("阿某某");
    expect(publicName(unitParty())).toBe("某某餐饮有限公司");
    expect(publicName(party({ kind: "individual_business", name: "王五" }))).toBe("王某某");
    expect(publicName(party({ kind: "individual_business", name: "武侯区老王烧烤店" }))).toBe(
      "武侯区老王烧烤店",
    );
    expect(publicName(null)).toBe("某某");
  });

  it("know who was under age on the day of the act", () => {
    const act = Date.parse("2026-01-04T09:00:00+08:00");
    expect(isMinor(party({ birthDate: "2008-01-05" }), act)).toBe(true);
    expect(isMinor(party({ birthDate: "2008-01-04" }), act)).toBe(false);
    expect(isMinor(party({ birthDate: null, idNo: null }), act)).toBe(false);
    expect(isMinor(party({ birthDate: null, idNo: "510107200801051234" }), act)).toBe(true);
  });
});

describe("personal data in a text", () => {
  const cases = [
    ["id_number", "身份证号51010719900601123X，"],
    ["id_number", "号码５１０１０７１９９００６０１１２３４"],
    ["phone", "电话13912345678。"],
    ["phone", "致电 028-85551234 联系"],
    ["phone", "手机+86 139 1234 5678"],
    ["plate", "车牌川A12345的车辆"],
    ["plate", "川A·D12345（新能源）"],
    ["plate", "领馆车辆沪A0023领"],
    ["email", "发至 someone@example.com"],
    ["bank_account", "账号6222021234567890123"],
  ] as const;
  it.each(cases)("finds %s in %s and takes it out", (kind, text) => {
    expect(personalDataIn(text, null)).toContain(kind);
    expect(containsPersonalData(redactText(text, null), null)).toBe(false);
  });

  it("finds what is on file of the party, whatever it looks like", () => {
    const text = "当事人张三（1990-06-01生），住成都市武侯区某路1号。";
    expect(personalDataIn(text, party()).sort()).toEqual(["address", "birth_date", "name"]);
    const redacted = redactText(text, party());
    expect(redacted).toBe("当事人张某某（×××生），住×××。");
    expect(containsPersonalData(redacted, party())).toBe(false);
  });

  it("hides who stands behind a unit, not the unit", () => {
    const text = "某某餐饮有限公司（91510100MA00000000，法定代表人李四）";
    expect(redactText(text, unitParty())).toBe("某某餐饮有限公司（91510100MA00000000，法定代表人李某某）");
  });

  it("publishes a business under its own name, though its owner's is a part of it", () => {
    const shop = unitParty({
      ...{ kind: "individual_business", name: "锦江区王五小吃店" },
      ...{ legalRepresentative: "王五", unifiedCode: "92510104MA0000000X" },
    });
    const text = "锦江区王五小吃店（92510104MA0000000X），经营者王五，电话13900002222";
    const redacted = "锦江区王五小吃店（92510104MA0000000X），经营者王某某，电话×××";
    expect(redactText(text, shop)).toBe(redacted);
    expect(personalDataIn(redacted, shop)).toEqual([]);
    expect(personalDataIn(text, shop).sort()).toEqual(["name", "phone"]);
  });

  it("leaves alone what only looks a little like it", () => {
    const text =
      "武综执罚决字〔2026〕第001号，罚款人民币贰仟元整（¥2,000.00），2026年3月6日，编号 510107-2026-1。";
    expect(personalDataIn(text, party())).toEqual([]);
    expect(redactText(text, party())).toBe(text);
  });
});
