import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roleIds } from "../../casework/roles.ts";
import { queueNames } from "../../queue/jobs.ts";
import { readExposition } from "../../runtime/metrics/testing/read-exposition.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { QUEUE_BOARD_PATH } from "./queues.ts";

const token = "a token of this test, long enough";

describe("what operators see", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ env: { FOREWARN_METRICS_TOKEN: token } });
  });
  afterAll(() => api.close());

  /** A page or call of the queue board, by whoever is signed in there. */
  const board = async (client: ApiClient, path: string, method = "GET") => {
    const headers = { cookie: client.cookie ?? "", "x-csrf-token": client.csrfToken ?? "" };
    const response = await fetch(`${api.origin}${QUEUE_BOARD_PATH}${path}`, { method, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const scrape = (headers: Record<string, string> = {}) => fetch(`${api.origin}/metrics`, { headers });

  it("tells Prometheus of queues and wall, from here or with the token", async () => {
    await makeCamera(api.pool);
    await api.context.producer.storeEvidence(`cnd_${"a".repeat(26)}`);
    const queue = api.context.producer.queue("evidence");
    const [job] = await queue.getJobs(["waiting"]);
    api.clock.at = (job?.timestamp ?? 0) + 90_000;
    const samples = readExposition(await (await scrape()).text());
    expect(samples.get('forewarn_queue_jobs{queue="evidence",state="waiting"}')).toBe(1);
    expect(samples.get('forewarn_queue_oldest_waiting_seconds{queue="evidence"}')).toBe(90);
    expect(samples.get('forewarn_queue_oldest_waiting_seconds{queue="notices"}')).toBe(0);
    expect(samples.has('forewarn_queue_oldest_waiting_seconds{queue="cameras"}')).toBe(false);
    expect(samples.get('forewarn_wall_cameras{kind="unwatched"}')).toBe(1);
    expect(samples.get('forewarn_server_up{server="redis"}')).toBe(1);
    expect(samples.get('forewarn_server_up{server="postgres"}')).toBe(1);
    const remote = { "x-forwarded-for": "203.0.113.9" };
    expect((await scrape(remote)).status).toBe(403);
    expect((await scrape({ ...remote, authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await scrape({ ...remote, authorization: "Bearer something else" })).status).toBe(403);
  });

  it("shows the wall of one's own regions", async () => {
    const here = await (await api.signedIn(["officer"])).get("/wall");
    expect(here.body.items).toHaveLength(1);
    expect(here.body.items[0]).toMatchObject({ kind: "unwatched", status: null, candidatesToday: 0 });
    expect(here.body.counts).toMatchObject({ unwatched: 1, watched: 0 });
    expect(here.bytes.toString("utf8")).not.toMatch(/rtsp|hush/);
    const elsewhere = await (await api.signedIn(["officer"], ["510108"])).get("/wall");
    expect(elsewhere.body).toMatchObject({ items: [], counts: { unwatched: 0 } });
  });

  it("shows the queues to administrators alone", async () => {
    const paths = ["", "/api/queues", "/queue/evidence"];
    const others = await api.signedIn(roleIds.filter((role) => role !== "system_admin"));
    for (const path of paths) {
      const stranger = await board(api.client(), path);
      expect([stranger.status, JSON.parse(stranger.text).code]).toEqual([401, "auth.not_signed_in"]);
      const other = await board(others, path);
      expect([other.status, JSON.parse(other.text).code]).toEqual([403, "auth.forbidden"]);
    }
    const administrator = await api.signedIn(["system_admin"]);
    const page = await board(administrator, "");
    expect(page.status).toBe(200);
    // Nothing on the page runs that our content security policy would have to allow.
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'self'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    const scripts = [...page.text.matchAll(/<script([^>]*)>/g)].map(([, says = ""]) => says);
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(script).toMatch(/ src="static\/|type="application\/json"/);
    const { queues } = JSON.parse((await board(administrator, "/api/queues")).text);
    expect(queues.map(({ name }: { name: string }) => name)).toEqual(queueNames);
  });

  it("lets not even them change a queue", async () => {
    const administrator = await api.signedIn(["system_admin"]);
    for (const [method, path] of [
      ["PUT", "/api/queues/evidence/pause"],
      ["PUT", "/api/queues/evidence/empty"],
      ["PUT", "/api/queues/evidence/obliterate"],
      ["POST", "/api/queues/evidence/add"],
    ] as const)
      expect((await board(administrator, path, method)).status).toBe(403);
    expect(await api.context.producer.queue("evidence").count()).toBe(1);
  });
});
