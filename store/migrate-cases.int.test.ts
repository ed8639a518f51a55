import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestWorld } from "../casework/case/testing/world.ts";
import { loadLawBook } from "../config/law-book.ts";
import { createDocumentPress } from "../runtime/typeset/press.ts";
import { certify } from "../test-fixtures/casework-builders.ts";
import {
  insertOlderCamera,
  insertOlderIncident,
  insertRow,
  type OlderDatabase,
  openOlderDatabase,
} from "../test-fixtures/older-database.ts";
import { county, type TestUser, userAct } from "../test-fixtures/store-builders.ts";
import { findCaseSummary } from "./case-read-model.ts";
import { readCaseRecord } from "./case-record.ts";
import { takeCaseStep } from "./case-store.ts";
import { listAgencyClocks } from "./clock-store.ts";
import { FolderObjectStore } from "./object-store.ts";
import { withTx } from "./pool.ts";

const everywhere = { scope: "every" } as const;
const at = (text: string) => new Date(`${text}+08:00`);

describe("cases made before there were files", () => {
  let older: OlderDatabase;
  let pool: pg.Pool;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-cases-"));
    older = await openOlderDatabase("0013");
    pool = older.pool;
    for (const [id, role] of [
      ["usr_officer", "officer"],
      ["usr_colleague", "officer"],
      ["usr_head", "unit_head"],
      ["usr_leader", "agency_leader"],
    ])
      await insertRow(pool, "users", {
        ...{ id, login: id, display_name: id, password_hash: "none", must_change_password: false },
        ...{ roles: [role], regions: [county], created_at: new Date() },
      });
    await insertOlderCamera(pool, "cam", county);
    await insertOlderIncident(pool, "inc", "cam", {
      ...{ region: county, state: "escalated", facts: { location: { place: "人民南路二段" } } },
      occurred_at: at("2026-03-01T09:00:00.250"),
      triggered_at: at("2026-03-01T09:05:00"),
      created_at: at("2026-03-01T09:05:00"),
    });
    const opened = {
      ...{ region: county, violation: "vehicle_sidewalk", ground: "harm", ground_note: "堵住盲道" },
      act_ended_at: at("2026-03-01T09:10:00.500"),
      opened_by: "usr_officer",
      // Already the second of March in Shanghai.
      opened_at: new Date("2026-03-01T16:30:00Z"),
    };
    const submitted = {
      ...opened,
      source: "patrol",
      officers: ["usr_officer", "usr_colleague"],
      officer_record: "现场检查笔录",
      submitted_by: "usr_colleague",
      submitted_at: at("2026-03-03T10:00:00"),
    };
    await insertRow(pool, "cases", {
      ...opened,
      ...{ id: "clue", source: "video", incident_id: "inc", officers: ["usr_officer"] },
      state: "clue_verification",
    });
    await insertRow(pool, "cases", {
      ...submitted,
      ...{ id: "filed", state: "filed", case_no: "51010701-2026-7" },
      ...{ endorsed_by: "usr_head", endorsed_at: at("2026-03-04T10:00:00") },
      ...{ filed_by: "usr_leader", filed_at: at("2026-03-05T10:00:00") },
    });
    await insertRow(pool, "cases", {
      ...submitted,
      ...{ id: "declined", state: "not_filed", not_filed_reason: "情节轻微并已改正" },
    });
    await insertRow(pool, "timeline_entries", {
      ...{ id: "tle", subject_kind: "case", subject_id: "declined", seq: 1, at: at("2026-03-06T10:00:00") },
      ...{ actor_kind: "user", actor_id: "usr_leader", action: "decline_filing" },
      ...{ from_state: "filing_pending", to_state: "not_filed", why: "情节轻微并已改正", detail: {} },
    });
    await older.upgrade();
  });
  afterAll(async () => {
    await older.drop();
    await rm(dir, { recursive: true });
  });

  async function fileOf(caseId: string) {
    const record = await readCaseRecord(pool, everywhere, caseId);
    if (record === undefined) throw new Error(`${caseId} is lost`);
    return record.file;
  }

  it.each(["clue", "filed", "declined"])(
    "get whole files, as a case opened today has: %s",
    async (caseId) => {
      const file = await fileOf(caseId);
      const today = new TestWorld().openedCase({});
      expect(Object.keys(file).sort()).toEqual(Object.keys(today).sort());
      for (const [key, value] of Object.entries(today))
        if (Array.isArray(value)) expect(file[key as keyof typeof file], key).toBeInstanceOf(Array);
      expect(file).toMatchObject({
        ...{ schema: 1, caseId, agency: "51010701", region: "510107", openedOn: "2026-03-02" },
        ...{ openedBy: "usr_officer", ground: "harm", groundNote: "堵住盲道" },
      });
    },
  );

  it("keep what the camera saw, to the millisecond", async () => {
    expect(await fileOf("clue")).toMatchObject({
      state: "clue_verification",
      caseNo: null,
      incidentIds: ["inc"],
      handlers: ["usr_officer"],
      act: {
        startedAt: at("2026-03-01T09:00:00.250").getTime(),
        endedAt: at("2026-03-01T09:10:00.500").getTime(),
        place: "人民南路二段",
      },
      evidence: [{ kind: "camera_record", incidentId: "inc", sha256: "a".repeat(64), addedOn: "2026-03-02" }],
      filing: null,
      clocks: [],
    });
  });

  it("keep number, officers, their record and who approved what when", async () => {
    expect(await fileOf("filed")).toMatchObject({
      state: "filed",
      caseNo: "51010701-2026-7",
      handlers: ["usr_officer", "usr_colleague"],
      handledBy: ["usr_colleague", "usr_officer"],
      judgedBy: ["usr_head", "usr_leader"],
      evidence: [{ kind: "inspection_record", title: "现场检查笔录", addedBy: "usr_colleague" }],
      filing: {
        ...{ submittedBy: "usr_colleague", submittedOn: "2026-03-03", endorsedBy: "usr_head" },
        ...{ filedBy: "usr_leader", filedOn: "2026-03-05" },
      },
    });
    expect(await findCaseSummary(pool, "every", "filed")).toMatchObject({
      state: "filed",
      caseNo: "51010701-2026-7",
    });
  });

  it("have ninety days to be decided in, where the desk looks for deadlines", async () => {
    const clock = { caseId: "filed", caseNo: "51010701-2026-7", kind: "decision", strictDue: "2026-06-03" };
    expect(await listAgencyClocks(pool, ["510107"], "2026-12-31", 10)).toMatchObject([clock]);
    expect((await fileOf("filed")).clocks).toMatchObject([{ kind: "decision", strictDue: "2026-06-03" }]);
  });

  it("say who declined and why", async () => {
    expect(await fileOf("declined")).toMatchObject({
      ...{ state: "not_filed", caseNo: null },
      exit: { kind: "not_filed", on: "2026-03-06", by: "usr_leader", reason: "情节轻微并已改正" },
    });
  });

  it("go on from there", async () => {
    const tools = {
      book: loadLawBook(null),
      press: createDocumentPress(),
      objects: new FolderObjectStore(join(dir, "objects")),
    };
    const officer: TestUser = {
      userId: "usr_officer",
      actor: { kind: "user", userId: "usr_officer", roles: ["officer"] },
      regions: ["510107"],
    };
    for (const userId of ["usr_officer", "usr_colleague"]) await certify(pool, userId, ["officer"]);
    const step = { step: "assign_officers", officers: ["usr_officer", "usr_colleague"] } as const;
    const outcome = await withTx(pool, (tx) =>
      takeCaseStep(tx, userAct(officer), tools, { caseId: "clue", step }),
    );
    expect(outcome).toMatchObject({ state: "clue_verification", version: 2 });
    expect((await fileOf("clue")).handlers).toEqual(["usr_officer", "usr_colleague"]);
  });
});
