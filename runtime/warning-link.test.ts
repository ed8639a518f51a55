import { describe, expect, it } from "vitest";
import { hashToken, warningLink, warningToken } from "./warning-link.ts";

const secret = "a secret that only this installation has";

describe("the link of a warning", () => {
  it("is the same for everybody who has the secret, whenever they ask", () => {
    expect(warningToken(secret, "inc_1", 0)).toBe(warningToken(secret, "inc_1", 0));
  });

  it("is 256 bits that fit a URL", () => {
    const token = warningToken(secret, "inc_1", 0);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
  });

  it("is another for another incident, level or installation", () => {
    const tokens = [
      warningToken(secret, "inc_1", 0),
      warningToken(secret, "inc_1", 1),
      warningToken(secret, "inc_2", 0),
      warningToken(secret, "inc_1\n1", 0),
      warningToken("another secret", "inc_1", 0),
    ];
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it("is kept as a hash that does not give it back", () => {
    // sha256("abc"), FIPS 180-2 appendix B.1
    expect(hashToken("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("begins with the address people reach", () => {
    expect(warningLink("https://desk.example.gov.cn", "abc")).toBe("https://desk.example.gov.cn/w/abc");
  });
});
