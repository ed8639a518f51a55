import { describe, expect, it } from "vitest";
import { hashPassword, newOneTimePassword, passwordFault, verifyPassword } from "./passwords.ts";

describe("passwords", () => {
  it("stores argon2id with a salt of its own each time", async () => {
    const [one, two] = [await hashPassword("正确的密码"), await hashPassword("正确的密码")];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, "正确的密码")).toBe(true);
    expect(await verifyPassword(one, "错误的密码")).toBe(false);
  });

  it("lets nobody in without a hash, not even with the decoy's own password", async () => {
    expect(await verifyPassword(undefined, "nobody's password")).toBe(false);
    expect(await verifyPassword(undefined, "")).toBe(false);
  });

  it("makes one-time passwords that would pass as chosen ones, each different", () => {
    const many = Array.from({ length: 100 }, newOneTimePassword);
    expect(new Set(many).size).toBe(100);
    for (const password of many) expect([password.length, passwordFault(password)]).toEqual([20, null]);
  });

  it("asks of a chosen password only that it is long enough, in characters", () => {
    expect(passwordFault("123456789")).toMatch(/at least 10/);
    expect(passwordFault("先劝后罚先劝后罚先劝")).toBeNull();
    expect(passwordFault("🚲🚲🚲🚲🚲")).toMatch(/at least 10/);
    expect(passwordFault("x".repeat(201))).toMatch(/at most 200/);
  });
});
