import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localDate } from "../../casework/local-time.ts";
import { ordinaryParts, type PartReached } from "../../casework/stories/ordinary-case.ts";
import { tellSimplifiedCase } from "../../casework/stories/simplified-case.ts";
import { fitCamera } from "../../cli/demo/fit-camera.ts";
import { makeCertified } from "../../test-fixtures/casework-builders.ts";
import { startWorkedApi, type WorkedApi } from "../../test-fixtures/worked-api.ts";
import { recheckClips } from "../../workers/testing/warned-camera.ts";
import { type CasePeople, type Client, casePeople } from "../testing/case-api.ts";
import { HttpDriver } from "../testing/http-driver.ts";
import { mailText, WarningDesk } from "../testing/warning-desk.ts";
import { confirmedAt, type WatchedPlace, watchedPlace } from "../testing/watched-place.ts";

const patience = { timeout: 60_000, interval: 100 };
const refused = (code: string) => ({ status: 409, body: { code, titleZh: expect.stringMatching(/。$/) } });

/** One entry of a timeline, as the API gives it. */
interface Entry {
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly why: string | null;
}

/** People act over HTTP; what falls due is done by the clocks' job. */
class WorkedDriver extends HttpDriver {
  readonly #world: WorkedApi;
  /** What happens before the clocks' job is queued. */
  before: () => Promise<void> = () => Promise.resolve();

  constructor(world: WorkedApi, people: CasePeople) {
    super(world.api, people);
    this.#world = world;
  }

  override async fireClocks(): Promise<void> {
    const { worker, rearm } = this.#world;
    await this.before();
    await rearm();
    const id = `clocks-${localDate(worker.clock.now())}`;
    const job = await worker.producer.queue("clocks").getJob(id);
    await expect.poll(() => job?.getState(), patience).toBe("completed");
  }
}

describe("from a camera's record to the archive, over HTTP", () => {
  let world: WorkedApi;
  let people: CasePeople;
  let driver: WorkedDriver;
  let desk: WarningDesk;
  let officer: Client;
  let dir: string;
  let clips: Awaited<ReturnType<typeof recheckClips>>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-casework-"));
    clips = await recheckClips(dir);
    world = await startWorkedApi(["notice", "recheck", "clock"]);
    people = await casePeople(world.api);
    ({ officer } = people);
    driver = new WorkedDriver(world, people);
    desk = new WarningDesk(world, officer);
  });
  afterAll(async () => {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Who: the person's part in the story, or the program's name; nobody's name is missing. */
  const whoOf = ({ actorKind, actorId, actorName }: Entry) => {
    if (actorKind !== "user") return actorId ?? actorKind;
    const found = Object.entries(people).find(([, { userId }]) => userId === actorId);
    return actorName === null ? "nobody" : (found?.[0] ?? "somebody else");
  };
  /** When, who and what, for everything that moved it on. */
  const moves = (timeline: readonly Entry[]) =>
    timeline
      .filter(({ from, to }) => from !== to)
      .map((entry) => `${localDate(Date.parse(entry.at))} ${whoOf(entry)} ${entry.action} → ${entry.to}`);

  describe("a warning that is heeded", () => {
    let place: WatchedPlace;
    let id: string;
    let letter: string;

    it("is said by loudspeaker and mailed to who answers for the place, once", async () => {
      const { api, broker } = world;
      driver.on("2026-01-05");
      place = await watchedPlace(api, people, {
        ...{ clip: clips.gone, email: "heeds@example.cn", speaker: "horn-1" },
      });
      id = await confirmedAt(api, people, place);
      const { parties, speakers, ...advice } = await desk.ladder(id, place);
      expect([advice.next, parties, speakers]).toEqual([
        "persuade",
        [{ partyId: place.partyId, name: "示例流动摊位", kind: "shop" }],
        1,
      ]);
      const warned = await desk.warn(id, place);
      expect(warned).toMatchObject({ status: 201, body: { channels: ["speaker_mqtt", "email"] } });
      await desk.delivered(id, ["email sent", "speaker_mqtt sent"]);
      const [said] = broker.said;
      expect(said).toMatchObject({ topic: "speakers/horn-1/say", qos: 1 });
      const { deliveryId, text } = JSON.parse(said?.payload ?? "{}");
      expect(text).toContain("示例流动摊位");
      await broker.report("horn-1", { deliveryId, state: "played" });
      await desk.delivered(id, ["email sent", "speaker_mqtt delivered"]);
      await desk.sendAgain(id);
      expect([broker.said.length, desk.mailsTo(place).length]).toEqual([1, 1]);
      letter = warned.body.link;
      expect(mailText(desk.mailsTo(place)[0])).toContain(letter);
    });

    it("opens from the link in the mail, with masked pictures only", async () => {
      const path = new URL(letter).pathname;
      const page = await fetch(world.api.origin + path);
      expect(page.status).toBe(200);
      const [, picture = ""] = /src="(\/w\/[^"]+\/masked\/[^"]+)"/.exec(await page.text()) ?? [];
      const shown = await fetch(world.api.origin + picture);
      expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
      expect((await fetch(world.api.origin + picture.replace("/masked/", "/originals/"))).status).toBe(404);
      expect((await desk.incident(id)).warnings).toMatchObject([{ level: 0, state: "opened", result: null }]);
    });

    it("ends with education when the camera sees by itself that it is gone and the officer agrees", async () => {
      const early = await officer.post(`/incidents/${id}/not-corrected`, { note: "还在" });
      expect(early).toMatchObject(refused("incident.grace_running"));
      const look = await desk.lookedAgain(id);
      expect(look).toMatchObject({ result: "gone", askedByName: null });
      const pair = [];
      for (const which of ["before", "after"]) {
        const { status, headers, bytes } = await officer.get(`/rechecks/${look.recheckId}/${which}`);
        expect([status, headers.get("content-type"), headers.get("etag")]).toEqual([
          200,
          "image/jpeg",
          `"${sha256(bytes)}"`,
        ]);
        pair.push(sha256(bytes));
      }
      expect(pair[0]).not.toBe(pair[1]);
      expect(await desk.incident(id)).toMatchObject({
        state: "persuading",
        recheck: { proposes: "corrected" },
      });
      const { body: closed } = await officer.post(`/incidents/${id}/corrected`, {
        ...{ note: "摊车已移走，已当面宣讲规定", recheckId: look.recheckId },
      });
      expect(closed).toMatchObject({ state: "corrected", case: null, warnings: [{ result: "corrected" }] });
      expect(closed.actions).toEqual([]);
      expect(await desk.ladder(id, place)).toMatchObject({ next: "done" });
      const opened = await officer.post(`/incidents/${id}/case`, { ground: "other", note: "仍想立案" });
      expect(opened).toMatchObject(refused("incident.illegal_move"));
      expect(moves(closed.timeline).slice(3)).toEqual([
        "2026-01-05 officer confirm → confirmed",
        "2026-01-05 officer persuade → persuading",
        "2026-01-05 officer mark_corrected → corrected",
      ]);
      expect(closed.timeline.at(-1).why).toBe("摊车已移走，已当面宣讲规定");
      const { rows } = await world.api.pool.query(
        `select timeline.action, timeline.detail from timeline_entries as timeline
         where timeline.subject_kind = 'warning' and timeline.subject_id = $1 order by timeline.seq`,
        [closed.warnings[0].warningId],
      );
      expect(rows[0]).toMatchObject({ action: "create", detail: { channels: ["speaker_mqtt", "email"] } });
      const told = rows.map(({ action }) => action);
      expect(told).toEqual(expect.arrayContaining(["delivery_sent", "delivery_delivered", "open"]));
    });
  });

  describe("the simplified procedure", () => {
    it("goes from the spot to the archive", async () => {
      const { api } = world;
      driver.on("2026-03-16", "09:00");
      const place = await watchedPlace(api, people, { clip: clips.gone, email: "fruit@example.cn" });
      await makeUsable(place);
      const id = await confirmedAt(api, people, place);
      const opened = await officer.post(`/incidents/${id}/case`, { ground: "repeated", note: "多次重复" });
      const { caseId } = opened.body;
      await tellSimplifiedCase(driver, caseId);
      const { body } = await officer.get(`/cases/${caseId}`);
      expect(body).toMatchObject({ state: "archived", procedure: "simplified", incidentId: id, steps: [] });
      expect(moves(body.timeline)).toEqual([
        "2026-03-16 officer open → clue_verification",
        "2026-03-16 officer decide_on_the_spot → performing",
        "2026-03-24 test record_payment → performed",
        "2026-03-26 leader close → closed",
        "2026-09-17 archivist archive → archived",
      ]);
      expect(await printed(caseId)).toEqual(codes("N01 N07 N05 D03 N18 N24 N16 N17"));
    });
  });

  describe("warned three times", () => {
    let place: WatchedPlace;
    let caseId: string;
    let reached: PartReached | undefined;

    /** Tells the ordinary procedure up to where it is said to get. */
    async function tellTo(wanted: PartReached): Promise<void> {
      const from = ordinaryParts.findIndex((part) => part.reached === reached) + 1;
      for (const part of ordinaryParts.slice(from)) {
        await part.tell(driver, caseId);
        reached = part.reached;
        if (reached === wanted) return;
      }
    }

    it("mails each warning once; the third within thirty days is an order, and not heeding it a case", async () => {
      const { api } = world;
      driver.on("2026-01-05");
      place = await watchedPlace(api, people, { clip: clips.there, email: "again@example.cn" });
      await makeUsable(place);
      for (const day of ["2026-01-05", "2026-01-12"]) {
        driver.on(day);
        const id = await confirmedAt(api, people, place);
        expect(await desk.warn(id, place)).toMatchObject({ status: 201, body: { channels: ["email"] } });
        await desk.delivered(id, ["email sent"]);
        await desk.sendAgain(id);
        const seen = await officer.post(`/incidents/${id}/corrected`, { note: "现场已移走，已教育" });
        expect(seen.body.state).toBe("corrected");
      }
      driver.on("2026-01-19");
      const id = await confirmedAt(api, people, place);
      expect(await desk.ladder(id, place)).toMatchObject({ next: "written_order", level: 1, repeats: 2 });
      expect(await desk.warn(id, place)).toMatchObject(refused("warning.repeat_limit"));
      const order = { level: 1, reason: "三十日内第三次", dueAt: "2026-01-20T02:00:00Z" };
      expect(await desk.warn(id, place, order)).toMatchObject(refused("duty.two_officers_required"));
      const ordered = await desk.warn(id, place, { ...order, colleague: people.colleague.userId });
      expect(ordered).toMatchObject({ status: 201, body: { graceUntil: "2026-01-20T02:00:00.000Z" } });
      await desk.delivered(id, ["email sent"]);
      await desk.sendAgain(id);
      const mails = desk.mailsTo(place).map((source) => /^Message-ID: <(.+)@/im.exec(source)?.[1]);
      expect([mails.length, new Set(mails).size]).toEqual([3, 3]);
      expect(mailText(desk.mailsTo(place)[2])).toContain("责令改正");

      const look = await desk.lookedAgain(id);
      expect(look).toMatchObject({ result: "still_there" });
      const note = "摊车仍在原处";
      const { recheckId } = look;
      const gone = await officer.post(`/incidents/${id}/corrected`, { note, recheckId });
      expect(gone).toMatchObject(refused("incident.recheck_contradicts"));
      const found = await officer.post(`/incidents/${id}/not-corrected`, { note, recheckId });
      expect(found.body.state).toBe("not_corrected");
      expect(await desk.ladder(id, place)).toMatchObject({ next: "case", ground: "not_corrected" });
      const opened = await officer.post(`/incidents/${id}/case`, { ground: "not_corrected", note });
      expect(opened).toMatchObject({ status: 201, body: { state: "clue_verification" } });
      caseId = opened.body.caseId;
      expect(await desk.incident(id)).toMatchObject({ state: "escalated", case: { caseId } });
    });

    it("is decided after filing, notice, hearing, legal review and discussion", async () => {
      await tellTo("decided");
      expect((await officer.get(`/cases/${caseId}`)).body.state).toBe("decided");
    });

    it("goes on when Redis is lost after the decision was served", async () => {
      const { api, mail, worker } = world;
      let jobs: readonly (readonly ["notices" | "rechecks", string])[] = [];
      const queued = () =>
        Promise.all(
          jobs.map(async ([name, id]) => (await worker.producer.queue(name).getJob(id))?.getState()),
        );
      let other: WatchedPlace | undefined;
      let id = "";
      driver.before = async () => {
        expect((await officer.get(`/cases/${caseId}`)).body.state).toBe("performing");
        other = await watchedPlace(api, people, { clip: clips.gone, email: "later@example.cn" });
        id = await confirmedAt(api, people, other);
        // The mail server is away, so the warning waits; then Redis is gone, and with it everything that was queued.
        mail.refusesWith = 451;
        expect((await desk.warn(id, other)).status).toBe(201);
        await expect.poll(async () => (await desk.deliveries(id))[0]?.attempts, patience).toBeGreaterThan(0);
        jobs = [
          ["notices", (await desk.deliveries(id))[0]?.id ?? ""],
          ["rechecks", (await desk.incident(id)).recheck.recheckId],
        ];
        await expect.poll(queued, patience).toEqual(["delayed", "delayed"]);
        await world.loseRedis();
        expect(await queued()).toEqual([undefined, undefined]);
        mail.refusesWith = null;
      };
      await tellTo("overdue");
      if (other === undefined) throw new Error("the story fired no clocks");
      driver.before = () => Promise.resolve();
      const { body } = await officer.get(`/cases/${caseId}`);
      expect(body.state).toBe("overdue");
      expect(moves(body.timeline).at(-1)).toBe("2026-03-26 clock-worker mark_overdue → overdue");
      await desk.delivered(id, ["email sent"]);
      expect(desk.mailsTo(other)).toHaveLength(1);
      // Its time had not come: the look waits again, until it has.
      expect(await queued()).toEqual(["completed", "delayed"]);
      expect(await desk.lookedAgain(id)).toMatchObject({ result: "gone" });
    });

    it("is urged, taken to court on the days the law allows, and archived", async () => {
      await tellTo("archived");
      const { body } = await officer.get(`/cases/${caseId}`);
      expect(body).toMatchObject({ state: "archived", procedure: "ordinary", steps: [], overlays: [] });
      expect(moves(body.timeline)).toEqual([
        "2026-01-20 officer open → clue_verification",
        "2026-01-21 officer submit_filing → filing_pending",
        "2026-01-22 leader approve_filing → filed",
        "2026-01-23 officer start_investigation → investigating",
        "2026-01-27 officer conclude_investigation → investigated",
        "2026-01-28 officer serve → notice_served",
        "2026-01-30 party receive_statement → statement_review",
        "2026-02-02 leader schedule_hearing → hearing",
        "2026-02-27 officer submit_legal_review → legal_review",
        "2026-03-02 officer submit_discussion → collective_discussion",
        "2026-03-04 officer submit_decision → decision_pending",
        "2026-03-05 leader decide → decided",
        "2026-03-10 officer serve → performing",
        "2026-03-26 clock-worker mark_overdue → overdue",
        "2026-08-20 officer serve → urged",
        "2026-09-11 leader apply_to_court → court_applied",
        "2026-09-17 officer record_court → court_accepted",
        "2026-09-24 officer record_court → court_ruled",
        "2026-11-10 officer record_court → executed",
        "2026-11-12 leader close → closed",
        "2026-11-20 archivist archive → archived",
      ]);
      // Whoever weighs something says why.
      const why = new Map<string, string | null>(
        body.timeline.map(({ action, why }: Entry) => [action, why]),
      );
      for (const action of ["open", "submit_filing", "review_statement", "conclude_hearing", "decide"])
        expect([action, why.get(action)]).toEqual([action, expect.stringMatching(/[\u4e00-\u9fff]/)]);
      for (const action of ["conclude_legal_review", "conclude_discussion", "decide_publication"])
        expect([action, why.get(action)]).toEqual([action, expect.stringMatching(/[\u4e00-\u9fff]/)]);
      const { body: list } = await officer.get("/cases?state=archived");
      expect(list.items.map((item: { caseId: string }) => item.caseId)).toContain(caseId);
    });

    it("leaves every document, as a file and as data", async () => {
      const fromTheIncident = "N07 W01";
      const story =
        "N01 N05 N02 D04 D02 N04 N08 D05 D06 D10 N09 D07 N10 N11 N12 N13 D09 D11 D12 D19 N16 N17 N18";
      expect(await printed(caseId)).toEqual(codes(`${story} ${fromTheIncident}`));
    });

    it("keeps in the file how the party was warned, and the order on its own record", async () => {
      const { body } = await officer.get(`/cases/${caseId}/documents`);
      const { docId } = body.items.find(({ code }: { code: string }) => code === "W01");
      expect((await officer.get(`/documents/${docId}`)).body.data).toMatchObject({
        ...{ target: "示例流动摊位", channel: "电子邮件", receipt: "电子邮件：已发送", result: "未改正" },
        ...{ said: expect.stringContaining("责令改正"), sentAt: "2026年1月19日 10:00" },
      });
      const { rows } = await world.api.pool.query<{ id: string }>(
        `select documents.id from documents join incidents on incidents.id = documents.incident_id
         where incidents.camera_id = $1 and documents.code = 'D02'`,
        [place.cameraId],
      );
      expect(rows).toHaveLength(1);
      const order = `/documents/${rows[0]?.id}`;
      expect((await officer.get(order)).body).toMatchObject({
        ...{ code: "D02", number: "武综执责改字〔2026〕第001号", data: { partyName: "示例流动摊位" } },
      });
      const archived = body.items.find(({ code }: { code: string }) => code === "N17");
      const { documentRows } = (await officer.get(`/documents/${archived.docId}`)).body.data;
      expect(documentRows).toContainEqual(expect.arrayContaining(["武综执责改字〔2026〕第001号"]));
      expect(body.items.map(({ docId: listed }: { docId: string }) => listed)).toContain(rows[0]?.id);
      expect((await officer.get(`${order}/file`)).bytes.subarray(0, 4).toString("latin1")).toBe("%PDF");
    });
  });

  async function makeUsable({ cameraId }: WatchedPlace): Promise<void> {
    const { pool } = world.api;
    await fitCamera(pool, cameraId, {
      lawyer: (await makeCertified(pool, ["legal_reviewer"])).actor,
      technician: (await makeCertified(pool, ["equipment_reviewer"])).actor,
    });
  }

  /** Reads every document of a case in both forms; resolves with their codes. */
  async function printed(caseId: string): Promise<Set<string>> {
    const { body } = await people.archivist.get(`/cases/${caseId}/documents`);
    for (const { docId, code, pdfSha256 } of body.items) {
      const { status, headers, bytes } = await people.archivist.get(`/documents/${docId}/file`);
      expect([code, status, headers.get("content-type")]).toEqual([code, 200, "application/pdf"]);
      expect(bytes.subarray(0, 4).toString("latin1")).toBe("%PDF");
      expect(sha256(bytes)).toBe(pdfSha256);
      const { body: document } = await people.archivist.get(`/documents/${docId}`);
      expect(document).toMatchObject({ docId, code, pdfSha256, voidedAt: null });
      // What was issued before there was a case belongs to its incident.
      expect([caseId, null]).toContain(document.caseId);
      expect(document.data).toBeTypeOf("object");
    }
    return new Set(body.items.map(({ code }: { code: string }) => code));
  }
});

function codes(list: string): Set<string> {
  return new Set(list.split(" "));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
