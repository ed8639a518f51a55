import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { call } from "./api.ts";

describe("a call that changes something", () => {
  const real = globalThis.fetch;
  const keys: (string | undefined)[] = [];
  let answer: () => Promise<Response>;

  beforeEach(() => {
    keys.length = 0;
    answer = async () => new Response("{}");
    globalThis.fetch = async (_address, options) => {
      keys.push(new Headers(options?.headers).get("idempotency-key") ?? undefined);
      return answer();
    };
  });
  afterEach(() => {
    globalThis.fetch = real;
  });

  it("has a key of its own each time; reading has none", async () => {
    await call("POST", "/cases", { note: "一" });
    await call("POST", "/cases", { note: "一" });
    await call("GET", "/cases");
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBeUndefined();
  });

  it("keeps its key where nobody answered, so that a second try is not a second case", async () => {
    answer = () => Promise.reject(new TypeError("network"));
    await expect(call("POST", "/cases", { note: "一" })).rejects.toMatchObject({ code: "offline" });
    await expect(call("POST", "/cases", { note: "二" })).rejects.toMatchObject({ code: "offline" });
    answer = async () => new Response("{}");
    await call("POST", "/cases", { note: "一" });
    await call("POST", "/cases", { note: "一" });
    expect(keys[2]).toBe(keys[0]);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("keeps its key while the first try is under way, and takes a new one after a refusal", async () => {
    const replies = [
      new Response("{}", { status: 409, headers: { "retry-after": "1" } }),
      new Response("{}", { status: 504 }),
      new Response("{}", { status: 409 }),
      new Response("{}"),
    ];
    const [running, gateway, refusal, done] = replies;
    for (const reply of [running, gateway, refusal]) {
      answer = async () => reply ?? Response.error();
      await expect(call("POST", "/cases", { note: "三" })).rejects.toMatchObject({ status: reply?.status });
    }
    answer = async () => done ?? Response.error();
    await call("POST", "/cases", { note: "三" });
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("has none where a password goes along", async () => {
    await call("POST", "/session", { login: "a", password: "b" });
    expect(keys).toEqual([undefined]);
  });
});
