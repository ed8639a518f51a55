import { describe, expect, it } from "vitest";
import { isSameParty, partyKeys } from "./party-key.ts";
import { party, unitParty } from "./testing/builders.ts";

describe("two cases are about one party", () => {
  it("by any one thing that tells it from others, however it is written", () => {
    const known = party({ idNo: "51010719900601123X", plate: "川A12345" });
    expect(isSameParty(known, party({ idNo: " 51010719900601123x", phone: null }))).toBe(true);
    expect(isSameParty(known, party({ idNo: null, name: "不详", phone: null, plate: "川a 12345" }))).toBe(
      true,
    );
    expect(isSameParty(known, party({ idNo: null, name: "张 三", phone: "138 0000-0000" }))).toBe(true);
    expect(isSameParty(unitParty(), unitParty({ name: "改了名称", phone: null }))).toBe(true);
  });

  it("not by a name or a telephone alone, and not against their numbers", () => {
    const known = party({ plate: "川A12345" });
    expect(isSameParty(known, party({ idNo: null, phone: "13900000000" }))).toBe(false);
    expect(isSameParty(known, party({ idNo: null, name: "李四" }))).toBe(false);
    expect(isSameParty(known, party({ idNo: "510107198001011234", plate: "川A12345" }))).toBe(false);
  });

  it("never where nothing is known", () => {
    const nobody = party({ idNo: null, phone: null });
    expect(partyKeys(nobody)).toEqual([]);
    expect(partyKeys(null)).toEqual([]);
    expect(isSameParty(nobody, nobody)).toBe(false);
  });
});
