import { describe, expect, it } from "vitest";
import { newId, newSecretToken } from "./ids.ts";

describe("ids", () => {
  it("name their kind, never come twice, and sort by the time they were made", () => {
    const ids = Array.from({ length: 1_000 }, () => newId("inc"));
    for (const id of ids) expect(id).toMatch(/^inc_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe("secret tokens", () => {
  it("are 256 bits that fit a URL, another each time", () => {
    const tokens = Array.from({ length: 100 }, newSecretToken);
    for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});
