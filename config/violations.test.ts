import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { catalogueFromUnknown, findViolation, violationCatalogue } from "./violations.ts";

describe("violation catalogue", () => {
  it("holds the 22 kinds, and only what a COCO detector can honestly do is on", () => {
    expect(violationCatalogue.violations).toHaveLength(22);
    const enabled = violationCatalogue.violations.filter((row) => row.enabled).map((row) => row.key);
    expect(enabled.sort()).toEqual([
      "accessible_blocked",
      "awning_umbrella",
      "nonmotor_parking",
      "open_bbq",
      "store_overflow",
      "street_vending",
      "vehicle_sidewalk",
    ]);
  });

  it("has the law's numbers for parking on the pavement", () => {
    expect(findViolation("vehicle_sidewalk")).toMatchObject({
      matterCode: "09009",
      minorFirst: true,
      graceSeconds: 600,
      dwellSeconds: 300,
      stationary: true,
      legalBasis: {
        forbids: [{ law: "djaq", article: "56" }],
        penalises: [{ law: "djaq", article: "93" }],
        fineYuan: [{ who: "any", min: 20, max: 200 }],
        verified: true,
      },
    });
  });

  it("never penalises begging, dogs or the fire service's matters, and trusts nothing from memory", () => {
    for (const key of ["vagrancy", "dog_unleashed", "fire_lane"]) {
      expect(findViolation(key)?.penaltyPossible).toBe(false);
    }
    for (const { legalBasis } of violationCatalogue.violations) {
      if (legalBasis.tags.includes("M") || legalBasis.fineYuan === null)
        expect(legalBasis.verified).toBe(false);
    }
  });

  it("refuses a row that is off without a reason, and a key twice", () => {
    const [row] = violationCatalogue.violations;
    const broken = {
      ...violationCatalogue,
      violations: [row, row, { ...row, key: "other", enabled: false }],
    };
    expect(() => catalogueFromUnknown(broken, "test")).toThrow(InvalidInputError);
    const twice = { ...violationCatalogue, violations: [row, row] };
    expect(() => catalogueFromUnknown(twice, "test")).toThrow(/unique/);
  });
});
