import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { holdsPermission, type Permission, type RoleId, roleIds } from "../casework/roles.ts";
import { makeAgency } from "../test-fixtures/casework-builders.ts";
import { routes } from "./app.ts";
import type { AnyRoute } from "./http/route.ts";
import { openedCase, signedInCertified } from "./testing/case-api.ts";
import { startTestApi, type TestApi } from "./testing/test-api.ts";
import { waitingIncident } from "./testing/test-incidents.ts";

const nameOf = (route: AnyRoute) => `${route.method} ${route.path}`;
const pathOf = (route: AnyRoute) =>
  route.path
    .replace("{folder}", "masked")
    .replace("{key}", "hearing.threshold.person")
    .replaceAll(/\{\w+\}/g, "x");

/** What tells the shapes of a body apart: nothing, or the name of each of several. */
function shapesOf({ body }: AnyRoute): Record<string, unknown>[] {
  if (!(body instanceof z.ZodDiscriminatedUnion)) return [{}];
  const { discriminator } = body.def;
  return body.options.map((option) => {
    const name = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    if (!(name instanceof z.ZodLiteral)) throw new Error(`a shape without a ${discriminator} of its own`);
    return { [discriminator]: name.value };
  });
}
const closed = routes.filter((route) => route.access !== "public");
const guarded = closed.filter(
  (route): route is AnyRoute & { access: Permission } => route.access !== "signed-in",
);

describe("who may do what", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it("leaves nothing open to strangers but the session itself", () => {
    expect(routes.filter((route) => route.access === "public").map(nameOf)).toEqual([
      "get /session",
      "post /session",
      "get /public/cameras",
    ]);
  });

  it.each(closed.map((route) => [nameOf(route), route] as const))(
    "asks a stranger to sign in: %s",
    async (_, route) => {
      const stranger = api.client();
      await stranger.get("/session");
      const reply = await stranger.call(route.method.toUpperCase(), pathOf(route));
      expect([reply.status, reply.body.code]).toEqual([401, "auth.not_signed_in"]);
      expect(reply.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    },
  );

  // Role by role rather than permission by permission: who signs in again and again from one address is shut out.
  it.each(roleIds)("opens to %s what its permissions name, and nothing else", async (role) => {
    const client = await api.signedIn([role]);
    const opened: string[] = [];
    for (const route of guarded) {
      const { status, body } = await client.call(route.method.toUpperCase(), pathOf(route));
      if (body.code !== "auth.forbidden") opened.push(nameOf(route));
      else expect(status).toBe(403);
    }
    expect(opened).toEqual(guarded.filter(({ access }) => holdsPermission([role], access)).map(nameOf));
  });

  it("adds up what several roles open", async () => {
    const roles: RoleId[] = ["archivist", "privacy_officer"];
    const client = await api.signedIn(roles);
    for (const route of guarded.filter(({ method }) => method === "get")) {
      const { body } = await client.call("GET", pathOf(route));
      expect(body.code === "auth.forbidden", nameOf(route)).toBe(!holdsPermission(roles, route.access));
    }
  });

  it("shows another region nothing, and says no more than that there is nothing", async () => {
    const id = await waitingIncident(api);
    const [here, above, elsewhere, nowhere] = [
      await api.signedIn(["officer", "content_reviewer"]),
      await api.signedIn(["officer", "content_reviewer"], ["510000"]),
      await api.signedIn(["officer", "content_reviewer"], ["510108", "110000"]),
      await api.signedIn(["officer", "content_reviewer"], []),
    ];
    for (const client of [here, above]) {
      expect((await client.get("/incidents")).body.items).toHaveLength(1);
      expect((await client.get("/cameras")).body.items).toHaveLength(1);
      expect((await client.get(`/incidents/${id}`)).status).toBe(200);
    }
    await here.post(`/incidents/${id}/claim`);
    for (const client of [elsewhere, nowhere]) {
      expect((await client.get("/incidents")).body).toEqual({ items: [], nextCursor: null });
      expect((await client.get("/cameras")).body).toEqual({ items: [] });
      const unknown = (await client.get("/incidents/inc_unknown")).body;
      for (const path of [`/incidents/${id}`, `/incidents/${id}/thumbnail`])
        expect((await client.get(path)).body).toEqual({
          ...unknown,
          title: unknown.title.replace("inc_unknown", id),
        });
      for (const step of ["claim", "release", "warning"])
        expect((await client.post(`/incidents/${id}/${step}`)).body.code).toBe("store.not_found");
    }
  });

  it("keeps a case inside its region", async () => {
    await makeAgency(api.pool);
    const officer = await signedInCertified(api, ["officer", "content_reviewer"]);
    const path = await openedCase(api, officer);
    const stranger = await signedInCertified(api, ["officer", "unit_head", "agency_leader"], ["510108"]);
    expect((await stranger.get("/cases")).body.items).toEqual([]);
    expect((await stranger.get(path)).status).toBe(404);
    for (const step of [
      { step: "endorse_filing" },
      { step: "approve_filing" },
      { step: "decline_filing", reason: "不在辖区" },
      { step: "terminate", reason: "不在辖区" },
    ])
      expect((await stranger.post(`${path}/steps`, step)).status).toBe(404);
    expect((await officer.get(path)).body.state).toBe("clue_verification");
  });

  it("never says where a camera's stream comes from", async () => {
    const everyone = await api.signedIn(roleIds);
    const cameras = await everyone.get("/cameras");
    expect(cameras.body.items.length).toBeGreaterThan(0);
    expect(cameras.bytes.toString("utf8")).not.toMatch(/rtsp|hush|source/);
  });

  describe("input", () => {
    // One for all routes: who signs in again and again from one address is shut out.
    let everyone: Awaited<ReturnType<TestApi["signedIn"]>>;
    beforeAll(async () => {
      everyone = await api.signedIn(roleIds);
    });

    it.each(
      closed.filter((route) => route.body !== undefined).map((route) => [nameOf(route), route] as const),
    )("names the key that %s does not know", async (_, route) => {
      for (const shape of shapesOf(route)) {
        const raw = JSON.stringify({ ...shape, surprise: true });
        const reply = await everyone.call(route.method.toUpperCase(), pathOf(route), { raw });
        expect(reply).toMatchObject({ status: 400, body: { code: "input.invalid", status: 400 } });
        expect(JSON.stringify(reply.body.faults), raw).toContain("surprise");
      }
    });

    it("names every fault with its path", async () => {
      const reviewer = await api.signedIn(["content_reviewer"]);
      const tests = { true: { answer: "no" }, clear: { answer: "maybe" } };
      const reply = await reviewer.post("/incidents/x/reject", { reason: "because", tests });
      expect(reply.status).toBe(400);
      expect(reply.body.faults.map((fault: { path: string }) => fault.path).sort()).toEqual([
        "reason",
        "tests.clear.answer",
        "tests.true.reason",
      ]);
    });

    it("takes malformed JSON, a wrong charset and too much of it for what they are: the caller's faults", async () => {
      const reviewer = await api.signedIn(["content_reviewer"]);
      const send = (raw: string, headers = {}) => reviewer.post("/incidents/x/reject", {}, { raw, headers });
      for (const raw of ['{"reason":', "[1,2", '"only a string"', "nonsense"])
        expect(await send(raw)).toMatchObject({ status: 400, body: { status: 400 } });
      expect((await send("[]")).body.code).toBe("input.invalid");
      expect((await send("{}", { "content-type": "application/json; charset=klingon" })).status).toBe(415);
      expect((await send(JSON.stringify({ text: "a".repeat(70_000) }))).status).toBe(413);
      expect((await reviewer.get("/incidents/%E0%A4%A")).status).toBe(400);
    });

    it("refuses a cursor, a limit and a state that are not ours", async () => {
      const officer = await api.signedIn(["officer"]);
      for (const query of ["cursor=bogus", "limit=0", "limit=1000", "limit=many", "state=forgotten"])
        expect(await officer.get(`/incidents?${query}`)).toMatchObject({
          status: 400,
          body: { code: "input.invalid" },
        });
    });
  });
});
