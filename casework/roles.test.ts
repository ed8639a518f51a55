import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRegionCode, regionCovers, regionPrefix } from "./region.ts";
import { dutyClashes, holdsPermission, isRoleId, type Permission, roleIds, rolesWith } from "./roles.ts";

describe("permissions", () => {
  const caseRights: Permission[] = [
    "incident.read",
    "incident.claim",
    "incident.review",
    "incident.dispose",
    "warning.send",
    "case.read",
    "case.open",
  ];

  it.each(caseRights)("%s is nothing for administrators, auxiliaries and parties", (permission) => {
    expect(holdsPermission(["system_admin", "auxiliary", "party"], permission)).toBe(false);
    expect(rolesWith(permission).length).toBeGreaterThan(0);
  });

  it("lets supervisors read and never alter", () => {
    const held = caseRights.filter((right) =>
      holdsPermission(["city_supervisor", "province_supervisor"], right),
    );
    expect(held).toEqual(["incident.read", "case.read"]);
  });

  it("gives nothing to somebody without a role", () => {
    expect(caseRights.filter((right) => holdsPermission([], right))).toEqual([]);
  });

  it("knows its roles", () => {
    expect(roleIds.every(isRoleId)).toBe(true);
    expect([isRoleId("toString"), isRoleId("admin")]).toEqual([false, false]);
  });
});

describe("separation of duties", () => {
  const codes = (duties: Parameters<typeof dutyClashes>[0]) => dutyClashes(duties).map((clash) => clash.code);

  it("lets different people do different things", () => {
    expect(
      codes({ handlers: ["a", "b"], legalReviewer: "c", hearingHost: "d", approvers: ["e", "f"] }),
    ).toEqual([]);
  });

  it("finds every clash", () => {
    expect(codes({ handlers: ["a", "b"], legalReviewer: "a" })).toEqual(["duty.handler_is_legal_reviewer"]);
    expect(codes({ handlers: ["a", "b"], hearingHost: "b" })).toEqual(["duty.hearing_host_not_independent"]);
    expect(codes({ handlers: ["a"], legalReviewer: "c", hearingHost: "c" })).toEqual([
      "duty.hearing_host_not_independent",
    ]);
    expect(codes({ handlers: ["a"], approvers: ["a", "a"] })).toEqual([
      "duty.handler_approves_own_case",
      "duty.two_levels_one_person",
    ]);
  });
});

describe("regions", () => {
  it.each([
    ["510000", "510107", true],
    ["510000", "513401", true],
    ["510000", "500101", false],
    ["510100", "510107", true],
    ["510100", "510100", true],
    ["510100", "510300", false],
    ["510100", "510000", false],
    ["510107", "510107", true],
    ["510107", "510108", false],
    ["510107", "510100", false],
  ])("%s covers %s: %s", (own, other, expected) => {
    expect(regionCovers(own, other)).toBe(expected);
  });

  it("takes nothing for a region that is none", () => {
    for (const text of ["", "51", "000000", "%", "5101070", "51010a", "510107\n"]) {
      expect([isRegionCode(text), regionPrefix(text), regionCovers(text, "510107")]).toEqual([
        false,
        null,
        false,
      ]);
      expect(regionCovers("510000", text)).toBe(false);
    }
  });

  it("covers what lies in what it covers", () => {
    const code = fc.integer({ min: 100_000, max: 999_999 }).map(String);
    fc.assert(
      fc.property(code, (county) => {
        const prefecture = `${county.slice(0, 4)}00`;
        const province = `${county.slice(0, 2)}0000`;
        expect(regionCovers(county, county)).toBe(true);
        expect(regionCovers(prefecture, county)).toBe(true);
        expect(regionCovers(province, county)).toBe(true);
      }),
    );
  });
});
