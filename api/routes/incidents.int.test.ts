import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allYes, testDay } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

const MINUTE = 60_000;

describe("incidents over HTTP", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const desk = () => api.signedIn(["content_reviewer", "officer"]);
  const refused = (code: string) => ({ status: 409, body: { status: 409, code } });

  it("shows the queue page by page, longest waiting first", async () => {
    const inOrder: string[] = [];
    for (const minutes of [30, 20, 10])
      inOrder.push(await waitingIncident(api, { triggeredAt: testDay - minutes * MINUTE }));
    const client = await desk();
    const seen: string[] = [];
    let query = "limit=2";
    for (let page = 1; page <= 2; page += 1) {
      const { body } = await client.get(`/incidents?${query}`);
      seen.push(...body.items.map((item: { incidentId: string }) => item.incidentId));
      query = `limit=2&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
    expect(seen).toEqual(inOrder);
    expect((await client.get("/incidents?state=confirmed")).body.items).toEqual([]);
    for (const id of inOrder)
      await client
        .post(`/incidents/${id}/claim`)
        .then(() => client.post(`/incidents/${id}/reject`, { reason: "duplicate" }));
  });

  it("shows one incident with what the person asking could do", async () => {
    const id = await waitingIncident(api);
    const reviewer = await api.signedIn(["content_reviewer"]);
    const shown = await reviewer.get(`/incidents/${id}`);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        incidentId: id,
        state: "review_pending",
        violationName: { zh: expect.any(String), en: expect.any(String) },
        thumbnail: `/api/v1/incidents/${id}/thumbnail`,
        actions: ["claim"],
        warnings: [],
        case: null,
      },
    });
    expect(shown.body.timeline.map((entry: { action: string }) => entry.action)).toEqual([
      "detect",
      "fix_evidence",
      "queue_review",
    ]);
    const claimed = await reviewer.post(`/incidents/${id}/claim`);
    expect(claimed.body.actions).toEqual(expect.arrayContaining(["confirm", "reject", "release"]));
    const leader = await api.signedIn(["agency_leader"]);
    expect((await leader.get(`/incidents/${id}`)).body.actions).toEqual([]);
  });

  it("lets exactly one of two reviewers who reach for it at once have it", async () => {
    const id = await waitingIncident(api);
    const reviewers = [await api.signedIn(["content_reviewer"]), await api.signedIn(["content_reviewer"])];
    const answers = await Promise.all(reviewers.map((reviewer) => reviewer.post(`/incidents/${id}/claim`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = answers[0]?.status === 200 ? reviewers : reviewers.toReversed();
    expect((await loser?.post(`/incidents/${id}/claim`))?.body.code).toBe("incident.claimed_by_other");
    expect((await loser?.post(`/incidents/${id}/release`))?.body.code).toBe("incident.not_claimed_by_you");
    expect((await winner?.post(`/incidents/${id}/claim`))?.status).toBe(200);
    expect((await winner?.post(`/incidents/${id}/release`))?.body).toMatchObject({ claimedBy: null });
    expect((await loser?.post(`/incidents/${id}/claim`))?.status).toBe(200);
  });

  it("lets a claim lapse after a quarter of an hour", async () => {
    const id = await waitingIncident(api);
    const [first, second] = [await desk(), await desk()];
    await first.post(`/incidents/${id}/claim`);
    expect(await second.post(`/incidents/${id}/claim`)).toMatchObject(refused("incident.claimed_by_other"));
    api.clock.at += 15 * MINUTE;
    expect(await first.post(`/incidents/${id}/confirm`, { tests: allYes })).toMatchObject(
      refused("incident.not_claimed_by_you"),
    );
    expect((await second.post(`/incidents/${id}/claim`)).status).toBe(200);
  });

  it("confirms once, only claimed, and only with four tests answered yes", async () => {
    const id = await waitingIncident(api);
    const client = await desk();
    const confirm = (tests: object) => client.post(`/incidents/${id}/confirm`, { tests });
    expect(await confirm(allYes)).toMatchObject(refused("incident.not_claimed_by_you"));
    await client.post(`/incidents/${id}/claim`);
    const { accurate: _, ...threeTests } = allYes;
    expect(await confirm(threeTests)).toMatchObject({
      status: 409,
      body: {
        code: "review.four_tests_required",
        article: "xzcf:41(2)",
        title: expect.stringContaining("accurate"),
        titleZh: expect.stringContaining("准确"),
      },
    });
    expect(await confirm({})).toMatchObject(refused("review.four_tests_required"));
    expect(await confirm({ ...allYes, clear: { answer: "no", reason: "雨中模糊" } })).toMatchObject(
      refused("review.test_failed"),
    );
    expect(await confirm(allYes)).toMatchObject({ status: 200, body: { state: "confirmed" } });
    expect(await confirm(allYes)).toMatchObject(refused("incident.illegal_move"));
    expect(await client.post(`/incidents/${id}/reject`, { reason: "duplicate" })).toMatchObject(
      refused("incident.illegal_move"),
    );
    expect(await client.post(`/incidents/${id}/claim`)).toMatchObject(refused("incident.not_claimable"));
    expect((await client.get(`/incidents/${id}`)).body.reviews).toMatchObject([{ verdict: "confirmed" }]);
  });

  it("rejects with a reason, in words where there is none on the list", async () => {
    const id = await waitingIncident(api);
    const client = await desk();
    const reject = (body: object) => client.post(`/incidents/${id}/reject`, body);
    expect(await reject({ reason: "false_detection" })).toMatchObject(refused("incident.not_claimed_by_you"));
    await client.post(`/incidents/${id}/claim`);
    for (const text of [null, "", "   "])
      expect(await reject({ reason: "other", text })).toMatchObject(refused("review.reason_text_required"));
    expect(
      await reject({ reason: "unclear_picture", tests: { clear: { answer: "no", reason: " " } } }),
    ).toMatchObject(refused("review.failed_test_needs_reason"));
    expect(await reject({ reason: "other", text: "救护车正在作业" })).toMatchObject({
      status: 200,
      body: {
        state: "rejected",
        actions: [],
        reviews: [{ verdict: "rejected", reason: "other", reasonText: "救护车正在作业" }],
      },
    });
    expect(await client.post(`/incidents/${id}/warning`)).toMatchObject(refused("incident.illegal_move"));
  });

  it("warns once, only what was confirmed, and queues each delivery", async () => {
    const id = await waitingIncident(api);
    const client = await desk();
    const warn = () => client.post(`/incidents/${id}/warning`);
    expect(await warn()).toMatchObject(refused("incident.illegal_move"));
    await client.post(`/incidents/${id}/claim`);
    await client.post(`/incidents/${id}/confirm`, { tests: allYes });
    const atOnce = await Promise.all([warn(), warn()]);
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = atOnce.find(({ status }) => status === 201)?.body;
    expect(made.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/w\/[\w-]{43}$/);
    expect(Date.parse(made.graceUntil)).toBe(api.clock.at + 600_000);
    expect(await warn()).toMatchObject(refused("incident.illegal_move"));
    const shown = (await client.get(`/incidents/${id}`)).body;
    expect(shown).toMatchObject({
      state: "persuading",
      warnings: [
        { level: 0, state: "draft", deliveries: [{ channel: "log", state: "pending", attempts: 0 }] },
      ],
    });
    // The link is a key: whoever may read the incident does not get it with it.
    expect(JSON.stringify(shown)).not.toContain(made.link.slice(-43));
    const queue = api.context.producer.queue("notices");
    await expect.poll(async () => (await queue.getJobs()).length).toBe(1);
  });
});
