import { describe, expect, it } from "vitest";
import { hashOf, placeOf } from "./use-place.ts";

describe("the address of a place on the page", () => {
  it("leads back to where it was made", () => {
    expect(placeOf(hashOf("cases", "cas_01a2"))).toEqual({ tab: "cases", id: "cas_01a2" });
    expect(placeOf(hashOf("parameters"))).toEqual({ tab: "parameters", id: null });
  });

  it("is nowhere for what nobody made", () => {
    for (const hash of ["", "#", "#/", "#/nowhere", "#/nowhere/cas_1", "#/cases/../x", "#/cases/a b"])
      expect([hash, placeOf(hash)]).toEqual([hash, { tab: null, id: null }]);
  });
});
