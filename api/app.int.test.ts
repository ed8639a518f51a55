import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { password, startTestApi, type TestApi } from "./testing/test-api.ts";

describe("the application", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it("says that it lives, and that it is ready once Postgres and Redis answer", async () => {
    expect(await (await fetch(`${api.origin}/healthz`)).json()).toEqual({ status: "ok" });
    const readiness = async () => {
      const reply = await fetch(`${api.origin}/readyz`);
      return [reply.status, await reply.json()];
    };
    await expect
      .poll(readiness, { timeout: 10_000 })
      .toEqual([200, { status: "ok", postgres: "ok", redis: "ok" }]);
  });

  it("believes a proxy it was told of who asks, so that not everybody shares one limit", async () => {
    const left = async (origin: string, address: string) => {
      const headers = { "x-forwarded-for": address };
      const reply = await fetch(`${origin}/api/v1/public/cameras`, { headers });
      return Number(reply.headers.get("ratelimit-remaining"));
    };
    const first = await left(api.origin, "203.0.113.1");
    expect(await left(api.origin, "203.0.113.2")).toBe(first);
    expect(await left(api.origin, "203.0.113.1")).toBe(first - 1);
    const other = await startTestApi({ env: { FOREWARN_TRUSTED_PROXIES: "203.0.113.9" } });
    const before = await left(other.origin, "203.0.113.1");
    expect(await left(other.origin, "203.0.113.2")).toBe(before - 1);
    await other.close();
  });

  it.each(["/healthz", "/api/v1/session", "/api/v1/nothing-here", `/w/${"x".repeat(43)}`])(
    "protects whoever opens %s",
    async (path) => {
      const { headers } = await fetch(api.origin + path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe-(inline|eval)/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-powered-by")).toBeNull();
      // The proxy that ends https decides for how long, and for which names below it.
      expect(headers.get("strict-transport-security")).toBeNull();
    },
  );

  it("leaves no personal data in a shared computer's cache", async () => {
    for (const path of ["/session", "/incidents", "/cameras"]) {
      const reply = await (await api.signedIn(["officer"])).get(path);
      expect([path, reply.headers.get("cache-control")]).toEqual([path, "no-store"]);
    }
  });

  it("describes itself at /api/v1/openapi.json without asking who wants to know", async () => {
    const reply = await api.client().get("/openapi.json");
    expect(reply).toMatchObject({ status: 200, body: { openapi: "3.1.0" } });
    expect(Object.keys(reply.body.paths)).toContain("/incidents/{id}/claim");
  });

  it("answers with problem details where there is nothing", async () => {
    const client = await api.signedIn(["officer"]);
    expect(await client.get("/no-such-thing")).toMatchObject({
      status: 404,
      body: { code: "http.not_found", type: "urn:forewarn:problem:http.not_found" },
    });
    const outside = await fetch(`${api.origin}/no-such-page`, { method: "POST" });
    expect([outside.status, ((await outside.json()) as { code: string }).code]).toEqual([
      404,
      "http.not_found",
    ]);
  });

  it("tells nothing about a fault of its own but that there was one, and logs it", async () => {
    const client = await api.signedIn(["officer"]);
    await api.pool.query("alter table cameras rename to cameras_gone");
    const reply = await client.get("/cameras");
    await api.pool.query("alter table cameras_gone rename to cameras");
    expect(reply).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(reply.bytes.toString("utf8")).not.toMatch(/cameras|relation|stack/i);
    expect(api.log.join("")).toMatch(/request failed/);
    expect(api.log.join("")).toMatch(/relation \\"cameras\\" does not exist/);
  });
});

describe("without Redis", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ redisUrl: `redis://127.0.0.1:${await closedPort()}` });
  });
  afterAll(() => api.close());

  it("lives but is not ready, and says what is missing", async () => {
    expect((await fetch(`${api.origin}/healthz`)).status).toBe(200);
    const ready = await fetch(`${api.origin}/readyz`, { signal: AbortSignal.timeout(20_000) });
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "unavailable", postgres: "ok", redis: "unreachable" },
    ]);
  });

  it("lets people sign in all the same, and still counts the guesses", async () => {
    const { login } = await api.person(["officer"]);
    const client = api.client();
    await client.get("/session");
    const signIn = async (word: string) => (await client.post("/session", { login, password: word })).status;
    for (const word of ["guess", "guess", "guess", "guess", password]) await signIn(word);
    expect((await client.get("/cameras")).status).toBe(200);
    for (let attempt = 1; attempt <= 5; attempt += 1) expect(await signIn("guess")).toBe(401);
    expect(await signIn(password)).toBe(429);
  });
});

/** A port that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
