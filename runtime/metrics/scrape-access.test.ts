import { describe, expect, it } from "vitest";
import { mayScrape } from "./scrape-access.ts";

const token = "a token that is long enough";
const rules = { token: undefined, behindProxy: false };
const local = { remoteAddress: "127.0.0.1", headers: { host: "127.0.0.1:8080" } };

describe("who may read the metrics", () => {
  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1"])("this machine may: %s", (remoteAddress) => {
    expect(mayScrape({ ...local, remoteAddress }, rules)).toBe(true);
  });

  it.each(["10.0.0.7", "::ffff:10.0.0.7", "fe80::1", "128.127.0.1", "", undefined])(
    "another may not: %s",
    (remoteAddress) => {
      expect(mayScrape({ ...local, remoteAddress }, rules)).toBe(false);
    },
  );

  it.each([
    { forwarded: "for=127.0.0.1" },
    { "x-forwarded-for": "127.0.0.1" },
    { "x-real-ip": "127.0.0.1" },
    { via: "1.1 proxy" },
  ])("whoever comes through a proxy may not: %j", (header) => {
    expect(mayScrape({ ...local, headers: { ...local.headers, ...header } }, rules)).toBe(false);
  });

  it("a page whose name leads here may not", () => {
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", undefined])
      expect(mayScrape({ ...local, headers: host === undefined ? {} : { host } }, rules)).toBe(false);
    for (const host of ["localhost", "LOCALHOST:1", "[::1]:8080"])
      expect(mayScrape({ ...local, headers: { host } }, rules)).toBe(true);
  });

  it("behind a silent proxy nobody may without the token", () => {
    expect(mayScrape(local, { token, behindProxy: true })).toBe(false);
    const headers = { ...local.headers, authorization: `Bearer ${token}` };
    expect(mayScrape({ ...local, headers }, { token, behindProxy: true })).toBe(true);
  });

  it("the token opens from anywhere, and nothing like it does", () => {
    const from = (authorization: string, wanted: string | undefined = token) =>
      mayScrape(
        { remoteAddress: "10.0.0.7", headers: { host: "x", authorization } },
        { token: wanted, behindProxy: false },
      );
    expect(from(`Bearer ${token}`)).toBe(true);
    for (const wrong of [
      "",
      "Bearer",
      "Bearer ",
      `Basic ${token}`,
      token,
      `Bearer ${token} `,
      "Bearer undefined",
    ])
      expect(from(wrong)).toBe(false);
    expect(
      mayScrape({ remoteAddress: "10.0.0.7", headers: { authorization: "Bearer undefined" } }, rules),
    ).toBe(false);
  });
});
