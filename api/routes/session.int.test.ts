import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withTx } from "../../store/pool.ts";
import { disableUser } from "../../store/user-store.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { password, startTestApi, type TestApi } from "../testing/test-api.ts";

describe("signing in and out", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it("tells a stranger nothing but the token that signing in needs", async () => {
    const reply = await api.client().get("/session");
    expect(reply).toMatchObject({ status: 200, body: { user: null } });
    expect(reply.body.csrfToken.length).toBeGreaterThan(20);
    const cookie = reply.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^forewarn\.sid=/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
  });

  it("signs in whoever knows the password, whichever way the login is written", async () => {
    const { login, userId } = await api.person(["officer"]);
    const client = api.client();
    const reply = await client.enter(` ${login.toUpperCase()} `, password);
    expect(reply).toMatchObject({
      status: 200,
      body: { user: { userId, login, roles: ["officer"], mustChangePassword: false } },
    });
    expect(JSON.stringify(reply.body)).not.toContain("argon2");
    expect((await client.get("/session")).body.user?.userId).toBe(userId);
  });

  it("answers the same for a wrong password, an unknown login and a disabled account", async () => {
    const { login } = await api.person(["officer"]);
    const gone = await api.person(["officer"]);
    await withTx(api.pool, (tx) => disableUser(tx, systemAct(), gone.login));
    const answers = await Promise.all(
      [
        [login, "not the password"],
        ["nobody-of-that-name", password],
        [gone.login, password],
      ].map(([name = "", word = ""]) => api.client().enter(name, word)),
    );
    for (const { status, body } of answers)
      expect([status, body]).toEqual([
        401,
        {
          type: "urn:forewarn:problem:auth.bad_credentials",
          title: "The account or the password is wrong 账号或密码不正确",
          titleZh: expect.stringContaining("密码"),
          status: 401,
          code: "auth.bad_credentials",
        },
      ]);
  });

  it("stops guessing after five tries, the right password included, and only for that account", async () => {
    const { login } = await api.person(["officer"]);
    const client = api.client();
    await client.get("/session");
    for (let attempt = 1; attempt <= 5; attempt += 1)
      expect((await client.post("/session", { login, password: `guess ${attempt}` })).status).toBe(401);
    const sixth = await client.post("/session", { login, password });
    expect(sixth).toMatchObject({ status: 429, body: { code: "auth.too_many_attempts" } });
    expect(Number(sixth.headers.get("retry-after"))).toBeGreaterThan(0);
    const other = await api.person(["officer"]);
    expect((await client.post("/session", { login: other.login, password })).status).toBe(200);
  });

  it("forgets failed tries once the password was right", async () => {
    const { login } = await api.person(["officer"]);
    const client = api.client();
    await client.get("/session");
    for (const word of ["a", "b", "c", "d", password, "e", "f", "g", "h", password])
      expect([200, 401]).toContain((await client.post("/session", { login, password: word })).status);
    expect((await client.get("/session")).body.user).not.toBeNull();
  });

  it("gives a fresh session id at sign-in, so that a planted one opens nothing", async () => {
    const { login } = await api.person(["officer"]);
    const attacker = api.client();
    await attacker.get("/session");
    const victim = api.client();
    victim.cookie = attacker.cookie;
    await victim.enter(login, password);
    expect(victim.cookie).not.toBe(attacker.cookie);
    expect((await attacker.get("/cameras")).status).toBe(401);
    expect((await victim.get("/cameras")).status).toBe(200);
  });

  it("takes no changing request without the session's token", async () => {
    const { login } = await api.person(["officer"]);
    const client = api.client();
    await client.get("/session");
    client.csrfToken = undefined;
    const bare = await client.post("/session", { login, password });
    expect(bare).toMatchObject({ status: 403, body: { code: "auth.csrf", status: 403 } });
    client.csrfToken = "made up";
    expect((await client.post("/session", { login, password })).body.code).toBe("auth.csrf");
    const stranger = api.client();
    await stranger.get("/session");
    client.csrfToken = stranger.csrfToken;
    expect((await client.post("/session", { login, password })).body.code).toBe("auth.csrf");
  });

  it("lets a holder of a one-time password do nothing but choose another", async () => {
    const { login } = await api.person(["officer", "content_reviewer"], { mustChangePassword: true });
    const client = api.client();
    const signedIn = await client.enter(login, password);
    expect(signedIn.body.user?.mustChangePassword).toBe(true);
    for (const path of ["/incidents", "/cases", "/cameras", "/incidents/x"])
      expect(await client.get(path)).toMatchObject({
        status: 403,
        body: { code: "auth.password_change_required" },
      });
    expect((await client.post("/incidents/x/claim")).body.code).toBe("auth.password_change_required");

    const change = (current: string, next: string) => client.post("/session/password", { current, next });
    expect(await change("wrong", "a password of my own")).toMatchObject({
      status: 401,
      body: { code: "auth.bad_credentials" },
    });
    expect(await change(password, "too short")).toMatchObject({
      status: 400,
      body: { code: "input.invalid" },
    });
    expect(await change(password, password)).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    const before = client.cookie;
    const changed = await client.post("/session/password", {
      current: password,
      next: "a password of my own",
    });
    expect(changed).toMatchObject({ status: 200, body: { user: { mustChangePassword: false } } });
    expect(client.cookie).not.toBe(before);
    expect((await client.get("/incidents")).status).toBe(200);
    expect((await api.client().enter(login, password)).status).toBe(401);
    expect((await api.client().enter(login, "a password of my own")).status).toBe(200);
  });

  it("ends every other session of somebody who changes the password", async () => {
    const { login } = await api.person(["officer"]);
    const [here, elsewhere, somebodyElse] = [api.client(), api.client(), await api.signedIn(["officer"])];
    await here.enter(login, password);
    await elsewhere.enter(login, password);
    await here.post("/session/password", { current: password, next: "another good password" });
    expect((await here.get("/cameras")).status).toBe(200);
    expect((await elsewhere.get("/cameras")).status).toBe(401);
    expect((await somebodyElse.get("/cameras")).status).toBe(200);
  });

  it("signs out for good: the old cookie opens nothing", async () => {
    const client = await api.signedIn(["officer"]);
    const { cookie } = client;
    expect(await client.delete("/session")).toMatchObject({
      status: 200,
      body: { user: null },
    });
    expect((await client.get("/cameras")).status).toBe(401);
    client.cookie = cookie;
    expect((await client.get("/cameras")).status).toBe(401);
  });

  it("stops a disabled user at once, in the middle of a session", async () => {
    const { login } = await api.person(["officer"]);
    const client = api.client();
    await client.enter(login, password);
    expect((await client.get("/cameras")).status).toBe(200);
    await withTx(api.pool, (tx) => disableUser(tx, systemAct(), login));
    expect(await client.get("/cameras")).toMatchObject({ status: 401, body: { code: "auth.not_signed_in" } });
  });

  it("never logs a password", () => {
    const everything = api.log.join("");
    expect(everything).toContain("sign-in refused");
    for (const secret of [password, "not the password", "a password of my own"])
      expect(everything).not.toContain(secret);
  });
});

describe("behind an https proxy on this machine", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ env: { FOREWARN_PUBLIC_URL: "https://desk.example.gov.cn" } });
  });
  afterAll(() => api.close());

  const forwarded = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" };

  it("sets the session cookie, for https only", async () => {
    const reply = await api.client().get("/session", { headers: forwarded });
    expect(reply.headers.get("set-cookie")).toMatch(/^forewarn\.sid=.*; Secure/);
  });

  it("counts sign-in attempts by the address the proxy saw", async () => {
    const { login } = await api.person(["officer"]);
    const attempt = async (address: string) => {
      const client = api.client();
      const headers = { ...forwarded, "x-forwarded-for": address };
      await client.get("/session", { headers });
      return (await client.post("/session", { login, password: "wrong" }, { headers })).status;
    };
    for (let count = 1; count <= 5; count += 1) expect(await attempt("203.0.113.7")).toBe(401);
    expect(await attempt("203.0.113.7")).toBe(429);
    expect(await attempt("203.0.113.8")).toBe(401);
  });
});
