import { describe, expect, it } from "vitest";
import { BEARER_MS, factorHash, issueBearer, readBearer } from "./link-secrets.ts";

const now = Date.parse("2026-03-10T01:00:00Z");
const secret = "a secret of this test";

describe("a bearer token of the portal", () => {
  const { bearer, expiresAt } = issueBearer(secret, "plk_0a1b", now);

  it("names its link for fifteen minutes", () => {
    expect(expiresAt - now).toBe(15 * 60_000);
    expect(readBearer(secret, bearer, now)).toBe("plk_0a1b");
    expect(readBearer(secret, bearer, now + BEARER_MS - 1)).toBe("plk_0a1b");
    expect(readBearer(secret, bearer, now + BEARER_MS)).toBeUndefined();
  });

  it("holds for no other link, no later end and under no other secret", () => {
    const [, until = "", mac = ""] = bearer.split(".");
    for (const forged of [
      `plk_0a1c.${until}.${mac}`,
      `plk_0a1b.${Number(until) + 1}.${mac}`,
      `plk_0a1b.${until}.${mac.slice(0, -1)}${mac.endsWith("A") ? "B" : "A"}`,
      "plk_0a1b",
      "",
    ])
      expect([forged, readBearer(secret, forged, now)]).toEqual([forged, undefined]);
    expect(readBearer("another secret", bearer, now)).toBeUndefined();
  });
});

describe("the hash of a second factor", () => {
  it("is of its link and secret: the same digits elsewhere look different", () => {
    const hash = factorHash(secret, "plk_1", "1234");
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(factorHash(secret, "plk_2", "1234")).not.toBe(hash);
    expect(factorHash("another", "plk_1", "1234")).not.toBe(hash);
  });
});
