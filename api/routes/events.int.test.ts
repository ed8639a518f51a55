import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { putAgency } from "../../store/agency-store.ts";
import { withTx } from "../../store/pool.ts";
import { county, systemAct } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

const PATIENCE = { timeout: 15_000, interval: 50 };
const ELSEWHERE = "510108";

interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on whatever it is
  readonly data: any;
}

describe("the stream of events", () => {
  let api: TestApi;
  const closers: (() => void)[] = [];
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });
  afterAll(() => api.close());

  /** Listens as a browser does. Resolves once the stream is open: from then on nothing is missed. */
  async function listen(client: { cookie: string | undefined }, query = "", lastEventId?: string) {
    const gone = new AbortController();
    closers.push(() => gone.abort());
    const reply = await fetch(`${api.origin}/api/v1/events${query}`, {
      signal: gone.signal,
      headers: {
        ...(client.cookie === undefined ? {} : { cookie: client.cookie }),
        ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
      },
    });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    const heard: Heard[] = [];
    const state = { ended: false };
    const read = async () => {
      let text = "";
      for await (const piece of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += piece;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
          const event = field("event");
          if (event !== undefined)
            heard.push({ event, id: field("id"), data: JSON.parse(field("data") ?? "null") });
        }
      }
      state.ended = true;
    };
    read().catch(() => {
      state.ended = true;
    });
    const of = (event: string) => heard.filter((each) => each.event === event);
    return {
      close: () => gone.abort(),
      isEnded: () => state.ended,
      ids: () => of("timeline").map(({ data }) => data.id),
      events: () => of("timeline"),
      lastCounts: () => of("counts").at(-1)?.data,
      resets: () => of("reset"),
    };
  }

  it("is for people who may hear something", async () => {
    expect((await api.client().get("/events")).status).toBe(401);
    expect((await (await api.signedIn(["system_admin"])).get("/events")).status).toBe(403);
    const reviewer = await api.signedIn(["content_reviewer"]);
    expect((await reviewer.get("/events?kinds=case")).status).toBe(403);
    for (const query of ["?kinds=camera", "?kinds=", "?kinds=case,,incident"])
      expect((await reviewer.get(`/events${query}`)).body.code).toBe("input.invalid");
    const headers = { "last-event-id": "bogus" };
    expect((await reviewer.get("/events", { headers })).body.code).toBe("input.invalid");
  });

  it("tells at once what happens, and no more than that", async () => {
    const reviewer = await api.signedIn(["content_reviewer"]);
    const id = await waitingIncident(api);
    const stream = await listen(reviewer);
    await reviewer.post(`/incidents/${id}/claim`);
    await expect.poll(stream.events, PATIENCE).toHaveLength(1);
    expect(stream.events()[0]?.data).toEqual({
      kind: "incident",
      id,
      action: "claim",
      from: "review_pending",
      to: "review_pending",
      at: expect.stringMatching(/^2026-03-10T/),
    });
  });

  it("tells nobody of another region", async () => {
    const [here, above, there, nowhere] = [
      await listen(await api.signedIn(["officer"])),
      await listen(await api.signedIn(["officer"], ["510000"])),
      await listen(await api.signedIn(["officer"], [ELSEWHERE])),
      await listen(await api.signedIn(["officer"], [])),
    ];
    const mine = await waitingIncident(api);
    const theirs = await waitingIncident(api, {}, { region: ELSEWHERE });
    const last = await waitingIncident(api);
    // Each is told in order: whoever has heard the last has heard what came before, or never will.
    await expect.poll(() => above.ids(), PATIENCE).toContain(last);
    await expect.poll(() => here.ids(), PATIENCE).toContain(last);
    await expect.poll(() => there.ids(), PATIENCE).toContain(theirs);
    expect(new Set(above.ids())).toEqual(new Set([mine, theirs, last]));
    expect(new Set(here.ids())).toEqual(new Set([mine, last]));
    expect(new Set(there.ids())).toEqual(new Set([theirs]));
    expect(nowhere.ids()).toEqual([]);
    // Nor does what is counted say anything.
    await expect.poll(nowhere.lastCounts, PATIENCE).toMatchObject({ review_pending: 0, cases_by_state: {} });
  });

  it("tells of cases to those who may read cases, and of what was asked for", async () => {
    const agency = { agency: `${county}01`, region: county, powers: [], zh: "局" };
    const texts = { numberPrefix: "", address: "", phone: "", reviewBody: "", court: "", payee: "" };
    await withTx(api.pool, (tx) => putAgency(tx, systemAct(), { ...agency, ...texts }));
    const officer = await api.signedIn(["officer"]);
    const all = await listen(officer);
    const cases = await listen(officer, "?kinds=case");
    const records = await listen(await api.signedIn(["content_reviewer"]));
    const clue = {
      source: "patrol",
      region: county,
      violation: "vehicle_sidewalk",
      place: "人民南路二段",
      note: "占用人行道",
      startedAt: "2026-03-10T00:00:00Z",
      endedAt: "2026-03-10T00:10:00Z",
    };
    const opened = await officer.post("/cases", clue);
    expect(opened.body).toMatchObject({ caseId: expect.any(String) });
    const incident = await waitingIncident(api);
    await expect.poll(() => all.ids(), PATIENCE).toContain(incident);
    await expect.poll(() => records.ids(), PATIENCE).toContain(incident);
    await expect.poll(() => cases.ids(), PATIENCE).toContain(opened.body.caseId);
    expect(all.ids()).toContain(opened.body.caseId);
    expect(cases.ids()).not.toContain(incident);
    expect(records.ids()).not.toContain(opened.body.caseId);
    await expect
      .poll(cases.lastCounts, PATIENCE)
      .toMatchObject({ cases_by_state: { clue_verification: 1 }, dead_letters: 0 });
    expect(records.lastCounts()).not.toHaveProperty("cases_by_state");
  });

  it("goes on where somebody was when they come back, in their regions only", async () => {
    const officer = await api.signedIn(["officer"]);
    const stream = await listen(officer);
    const before = await waitingIncident(api);
    await expect.poll(() => stream.ids(), PATIENCE).toContain(before);
    const last = stream.events().at(-1)?.id;
    stream.close();
    const missed = await waitingIncident(api);
    const theirs = await waitingIncident(api, {}, { region: ELSEWHERE });
    const again = await listen(officer, "", last);
    await expect.poll(() => again.ids(), PATIENCE).toContain(missed);
    const live = await waitingIncident(api);
    await expect.poll(() => again.ids(), PATIENCE).toContain(live);
    expect(again.ids()).not.toContain(theirs);
    const positions = again.events().map(({ id }) => id);
    expect(new Set(positions).size).toBe(positions.length);
  });

  it("says so when more was missed than it keeps", async () => {
    const officer = await api.signedIn(["officer"]);
    const id = await waitingIncident(api);
    await api.pool.query(
      `insert into timeline_entries (id, subject_kind, subject_id, seq, at, actor_kind, actor_id, action)
       select 'tle_many_' || n, 'incident', $1, 100 + n, '2021-01-01', 'system', 'test', 'note'
       from generate_series(1, 1001) as n`,
      [id],
    );
    const long = Buffer.from("2020-01-01T00:00:00.000Z tle_old").toString("base64url");
    const stream = await listen(officer, "", long);
    await expect.poll(stream.resets, PATIENCE).toHaveLength(1);
    expect(stream.ids()).toEqual([]);
    const next = await waitingIncident(api);
    await expect.poll(() => stream.ids(), PATIENCE).toContain(next);
  });

  it("misses nothing while its connection to the database is away", async () => {
    const stream = await listen(await api.signedIn(["officer"]));
    const first = await waitingIncident(api);
    await expect.poll(() => stream.ids(), PATIENCE).toContain(first);
    const { rowCount } = await api.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'forewarn events' and datname = current_database()`,
    );
    expect(rowCount).toBe(1);
    const meanwhile = await waitingIncident(api);
    await expect.poll(() => stream.ids(), PATIENCE).toContain(meanwhile);
    const later = await waitingIncident(api);
    await expect.poll(() => stream.ids(), PATIENCE).toContain(later);
    expect(stream.isEnded()).toBe(false);
  });

  it("ends for whoever signed out, was disabled or lost the region, before the next word", async () => {
    const [out, disabled, moved, stays] = await Promise.all(
      [1, 2, 3, 4].map(() => api.signedIn(["officer"])),
    );
    if (!out || !disabled || !moved || !stays) throw new Error("four people");
    const streams = await Promise.all([out, disabled, moved, stays].map((client) => listen(client)));
    await out.delete("/session");
    await api.pool.query("update users set disabled = true where id = $1", [disabled.userId]);
    await api.pool.query("update users set regions = '{110000}' where id = $1", [moved.userId]);
    const id = await waitingIncident(api);
    await expect.poll(() => streams[3]?.ids(), PATIENCE).toContain(id);
    await expect
      .poll(() => streams.map((stream) => stream.isEnded()), PATIENCE)
      .toEqual([true, true, false, false]);
    expect(streams.slice(0, 3).flatMap((stream) => stream.ids())).toEqual([]);
  });

  it("keeps the database's connection only while somebody listens, and has a limit for each person", async () => {
    const officer = await api.signedIn(["officer"]);
    const connections = async () => {
      const { rows } = await api.pool.query<{ count: number }>(
        `select count(*)::integer as count from pg_stat_activity
         where application_name = 'forewarn events' and datname = current_database()`,
      );
      return rows[0]?.count;
    };
    for (let open = 0; open < 10; open += 1) await listen(officer);
    expect(await connections()).toBe(1);
    const eleventh = await officer.get("/events");
    expect([eleventh.status, eleventh.headers.get("retry-after")]).toEqual([429, "60"]);
    for (const close of closers.splice(0)) close();
    await expect.poll(connections, PATIENCE).toBe(0);
    await listen(officer);
  });
});
