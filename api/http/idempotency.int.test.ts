import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { newId } from "../../runtime/ids.ts";
import { purgeIdempotencyKeys } from "../../store/idempotency-store.ts";
import { withTx } from "../../store/pool.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";
import { serveRoutes, type TestRoutes } from "../testing/test-routes.ts";
import { ForbiddenError } from "./errors.ts";
import { defineRoute } from "./route.ts";

let api: TestApi;
const newKey = () => newId("key");
const keyed = (key: string) => ({ "idempotency-key": key });

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function expireLock(key: string): Promise<void> {
  await api.pool.query(
    "update idempotency_keys set locked_until = now() - interval '1 second' where key = $1",
    [key],
  );
}

describe("a key on a route of the API", () => {
  const hold = { reason: "复议期间保留" };

  it("makes twenty requests at once one thing, and gives its reply again", async () => {
    const lawyer = await api.signedIn(["legal_reviewer"]);
    const id = await waitingIncident(api);
    const key = newKey();
    const post = () => lawyer.post(`/incidents/${id}/holds`, hold, { headers: keyed(key) });
    const replies = await Promise.all(Array.from({ length: 20 }, post));
    const done = replies.filter(({ status }) => status === 201);
    expect(done.filter(({ headers }) => !headers.has("idempotency-replayed"))).toHaveLength(1);
    for (const { body, headers } of replies.filter(({ status }) => status !== 201)) {
      expect(body).toMatchObject({ status: 409, code: "idempotency.in_progress" });
      expect(headers.get("retry-after")).toBe("1");
    }
    const again = await post();
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(done[0]?.body);
    const { rows } = await api.pool.query("select id from evidence_holds where incident_id = $1", [id]);
    expect(rows).toHaveLength(1);
  });

  it("is one person's, and one request's", async () => {
    const [lawyer, colleague] = [
      await api.signedIn(["legal_reviewer"]),
      await api.signedIn(["legal_reviewer"]),
    ];
    const id = await waitingIncident(api);
    const options = { headers: keyed(newKey()) };
    const path = `/incidents/${id}/holds`;
    const first = await lawyer.post(path, hold, options);
    const other = await lawyer.post(path, { reason: "诉讼期间保留" }, options);
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency.key_reused" } });
    expect((await lawyer.post("/incidents/x/holds", hold, options)).status).toBe(422);
    const theirs = await colleague.post(path, hold, options);
    expect(theirs.status).toBe(201);
    expect(theirs.body).not.toEqual(first.body);
  });

  it("gives nothing again to somebody who may see less by now", async () => {
    const lawyer = await api.signedIn(["legal_reviewer"]);
    const path = `/incidents/${await waitingIncident(api)}/holds`;
    const options = { headers: keyed(newKey()) };
    expect((await lawyer.post(path, hold, options)).status).toBe(201);
    await api.pool.query("update users set regions = '{110000}' where id = $1", [lawyer.userId]);
    expect(await lawyer.post(path, hold, options)).toMatchObject({ status: 422 });
  });

  it("is refused where it is none, and kept of no password", async () => {
    const lawyer = await api.signedIn(["legal_reviewer"]);
    for (const key of ["short", "k".repeat(129), "with-a-tab\t-in-it"])
      expect(await lawyer.post("/incidents/x/holds", hold, { headers: keyed(key) })).toMatchObject({
        status: 400,
        body: { code: "input.invalid", faults: [{ path: "idempotency-key" }] },
      });
    const key = newKey();
    const client = api.client();
    await client.get("/session");
    await client.post("/session", { login: "nobody", password: "a guess" }, { headers: keyed(key) });
    await lawyer.post("/session/password", { current: "x", next: "y" }, { headers: keyed(key) });
    const { rows } = await api.pool.query("select * from idempotency_keys where key = $1", [key]);
    expect(rows).toEqual([]);
  });
});

describe("a key, whatever happens", () => {
  let routes: TestRoutes;
  /** What the next request does after it wrote its row, in the transaction and after it. */
  let inside: () => Promise<void> = async () => undefined;
  let after: () => void = () => undefined;

  beforeAll(async () => {
    await api.pool.query("create table things (id bigint generated always as identity, name text)");
    const write = defineRoute({
      method: "post",
      path: "/things",
      summary: "writes a row",
      tag: "law",
      access: "signed-in",
      body: z.object({ name: z.string() }),
      reply: z.object({ id: z.string() }),
      status: 201,
      async handle({ context, body, res }) {
        const [now, then] = [inside, after];
        const id = await withTx(context.pool, async (tx) => {
          const { rows } = await tx.query<{ id: string }>(
            "insert into things (name) values ($1) returning things.id",
            [body.name],
          );
          await now();
          return rows[0]?.id ?? "";
        });
        then();
        res.set("etag", `"${id}"`);
        return { id };
      },
    });
    const secret = { ...write, path: "/secrets", keepsReply: false };
    routes = await serveRoutes(api.context, ["officer"], [write, secret]);
  });
  afterAll(() => routes.close());

  const ask = (key: string, name = key) => routes.send("POST", "/things", { name }, keyed(key));
  const written = async (name: string) =>
    (await api.pool.query("select id from things where name = $1", [name])).rowCount;
  const failing = () => {
    throw new Error("a fault of ours");
  };

  it("is free again after a failure", async () => {
    const key = newKey();
    inside = failing;
    expect((await ask(key)).status).toBe(500);
    inside = async () => undefined;
    const { status, headers } = await ask(key);
    expect([status, headers.has("idempotency-replayed")]).toEqual([201, false]);
    expect(await written(key)).toBe(1);
  });

  it("is not free after a failure that came when all was done", async () => {
    const key = newKey();
    after = failing;
    expect((await ask(key)).status).toBe(500);
    after = () => undefined;
    expect(await ask(key)).toMatchObject({ status: 409, body: { code: "idempotency.reply_lost" } });
    expect(await written(key)).toBe(1);
  });

  it("gives a refusal again as it was, and the ETag with a reply", async () => {
    const [refused, done] = [newKey(), newKey()];
    inside = async () => {
      throw new ForbiddenError("not you");
    };
    const first = await ask(refused);
    inside = async () => undefined;
    const again = await ask(refused);
    expect([again.status, again.body]).toEqual([403, first.body]);
    expect(again.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await written(refused)).toBe(0);
    const reply = await ask(done);
    const replayed = await ask(`"${done}"`, done);
    expect([replayed.headers.get("idempotency-replayed"), replayed.headers.get("etag")]).toEqual([
      "true",
      `"${reply.body.id}"`,
    ]);
  });

  /** As a program leaves a key that came to its end before it answered. */
  async function forgetReply(key: string, state: "running" | "committed"): Promise<void> {
    await api.pool.query(
      "update idempotency_keys set state = $2, status = null, reply = null where key = $1",
      [key, state],
    );
  }

  it("is done again after a crash only where nothing had been committed", async () => {
    const [before, afterwards] = [newKey(), newKey()];
    for (const key of [before, afterwards]) expect((await ask(key)).status).toBe(201);
    await forgetReply(before, "running");
    await forgetReply(afterwards, "committed");
    for (const key of [before, afterwards])
      expect(await ask(key)).toMatchObject({ status: 409, body: { code: "idempotency.in_progress" } });
    for (const key of [before, afterwards]) await expireLock(key);
    const again = await ask(before);
    expect([again.status, again.headers.has("idempotency-replayed")]).toEqual([201, false]);
    expect(await ask(afterwards)).toMatchObject({ status: 409, body: { code: "idempotency.reply_lost" } });
    expect(await written(afterwards)).toBe(1);
  });

  it("keeps no reply that holds a secret: asked again, it was done", async () => {
    const key = newKey();
    const send = () => routes.send("POST", "/secrets", { name: key }, keyed(key));
    expect((await send()).status).toBe(201);
    expect(await send()).toMatchObject({ status: 409, body: { code: "idempotency.reply_lost" } });
    const { rows } = await api.pool.query("select reply from idempotency_keys where key = $1", [key]);
    expect(rows).toEqual([{ reply: null }]);
    expect(await written(key)).toBe(1);
  });

  it("lets an attempt that was taken over commit nothing", async () => {
    const key = newKey();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let isInside = false;
    inside = () => {
      isInside = true;
      return gate;
    };
    const slow = ask(key);
    await expect.poll(() => isInside).toBe(true);
    inside = async () => undefined;
    await expireLock(key);
    const fast = await ask(key);
    expect(fast.status).toBe(201);
    open();
    expect(await slow).toMatchObject({ status: 409, body: { code: "idempotency.in_progress" } });
    expect(await written(key)).toBe(1);
    expect((await ask(key)).body).toEqual(fast.body);
  });

  it("is forgotten after a day, whether or not it was cleared away", async () => {
    const [old, older, young] = [newKey(), newKey(), newKey()];
    for (const key of [old, older, young]) await ask(key);
    await api.pool.query(
      "update idempotency_keys set created_at = now() - interval '25 hours' where key = any ($1)",
      [[old, older]],
    );
    expect((await ask(old)).headers.has("idempotency-replayed")).toBe(false);
    expect(await purgeIdempotencyKeys(api.pool)).toBe(1);
    const { rows } = await api.pool.query("select key from idempotency_keys where key = any ($1)", [
      [old, older, young],
    ]);
    expect(rows.map(({ key }) => key).sort()).toEqual([old, young].sort());
  });

  it("asks nothing of requests without one", async () => {
    for (const name of ["twice", "twice"]) await routes.send("POST", "/things", { name });
    expect(await written("twice")).toBe(2);
  });
});
