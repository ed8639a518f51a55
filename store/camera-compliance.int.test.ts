import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewReview } from "../casework/camera/record-guards.ts";
import { loadLawBook } from "../config/law-book.ts";
import {
  county,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase, type TestDatabase } from "../test-fixtures/test-database.ts";
import {
  goodLegalReview,
  goodListing,
  goodTechnicalReview,
  makeLegalReviewer,
  makeUsable,
  seenTo,
} from "../test-fixtures/usable-camera.ts";
import { readCameraFaults, readUseAuthority } from "./camera-compliance-read-model.ts";
import { grantAuthority, recordInspection, recordListing, recordReview } from "./camera-compliance-store.ts";
import { putCamera } from "./camera-store.ts";
import { listAbnormalCameras } from "./capture-count-read-model.ts";
import { createPool, withTx } from "./pool.ts";
import { listPublicCameras } from "./public-camera-read-model.ts";
import { readCameraRecords } from "./step-facts.ts";
import { readTimeline } from "./timeline-store.ts";

const book = loadLawBook(null);
const parameters = book.parametersOn("2026-03-10", []);
const hour = 3_600_000;

describe("what makes a camera's records usable", () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const rulesOn = async (cameraId: string, date: string) =>
    (await readCameraFaults(pool, cameraId, date, parameters, book.calendar)).map(({ rule }) => rule);

  it("is all on record, or the faults say what is not", async () => {
    const camera = await makeCamera(pool);
    expect(await rulesOn(camera, "2026-03-10")).toEqual(["B-01", "B-01", "B-02", "B-03", "B-04"]);
    await makeUsable(pool, camera);
    expect(await rulesOn(camera, "2026-03-10")).toEqual([]);
    expect(await rulesOn(camera, "2026-02-09")).toEqual(["B-02"]);
    expect(await rulesOn("cam-nobody-knows", "2026-03-10")).toHaveLength(5);
    expect((await readTimeline(pool, "camera", camera)).map(({ action }) => action)).toEqual([
      "add",
      "review_legal",
      "review_technical",
      "publish",
      "inspect_sign",
      "inspect_maintenance",
      "grant_authority",
    ]);
  });

  it("ends with a failed review, a removal from the list, a moved camera: from their day on", async () => {
    const camera = await makeCamera(pool);
    const { engineer } = await makeUsable(pool, camera);
    const act = userAct(engineer);
    await withTx(pool, async (tx) => {
      const review = {
        ...goodTechnicalReview,
        validFrom: "2026-03-09",
        validTo: undefined,
        findings: { ...goodTechnicalReview.findings, time: { ok: false, note: "误差 8 秒" } },
      } as const;
      expect(await recordReview(tx, act, camera, review)).toMatchObject({ passed: false });
      const moved = { kind: "geometry", passed: false, doneOn: "2026-03-08", note: "支架松动" } as const;
      await recordInspection(tx, act, camera, moved);
      await recordListing(tx, act, camera, { listed: false, removedOn: "2026-03-10", reason: "停用" });
    });
    const days = ["2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"];
    expect(await Promise.all(days.map((day) => rulesOn(camera, day)))).toEqual([
      [],
      ["B-04"],
      ["B-01", "B-04"],
      ["B-01", "B-02", "B-04"],
    ]);
  });

  it("is written by those who may, where they may, and never changed", async () => {
    const camera = await makeCamera(pool);
    const unqualified = await makeUser(pool, ["legal_reviewer"]);
    const stranger = await makeUser(pool, ["equipment_reviewer"], ["510108"]);
    const record = (user: Parameters<typeof userAct>[0], review: NewReview = goodTechnicalReview) =>
      withTx(pool, (tx) => recordReview(tx, userAct(user, seenTo), camera, review));
    await expect(record(unqualified, goodLegalReview)).rejects.toMatchObject({
      code: "camera.legal_qualification_required",
    });
    await expect(record(stranger)).rejects.toMatchObject({ code: "store.not_found" });
    const both = await makeLegalReviewer(pool);
    await record(both, goodLegalReview);
    const roles = ["legal_reviewer", "equipment_reviewer"] as const;
    const alsoEngineer = { ...both, actor: { ...both.actor, roles } };
    await expect(record(alsoEngineer)).rejects.toMatchObject({ code: "camera.reviewer_of_both" });
    for (const table of ["camera_reviews", "camera_listings", "camera_inspections", "camera_authorities"]) {
      await makeUsable(pool, camera);
      await expect(pool.query(`update ${table} set at = now()`)).rejects.toThrow();
      await expect(pool.query(`delete from ${table}`)).rejects.toThrow();
    }
  });

  it("keeps a camera's use at a clue unless a law was cited, and after that has expired", async () => {
    const camera = await makeCamera(pool);
    const lawyer = await makeLegalReviewer(pool);
    const grant = {
      authority: "sole_evidence",
      reason: "依法使用",
      validFrom: "2026-03-10",
      validTo: "2026-03-31",
    } as const;
    const give = (citation?: { law: string; article: string }) =>
      withTx(pool, (tx) =>
        grantAuthority(tx, userAct(lawyer), camera, { ...grant, citation }, (law) =>
          law === "djaq" ? { rank: "law", verified: true } : undefined,
        ),
      );
    await expect(give()).rejects.toMatchObject({ code: "camera.citation_missing" });
    await expect(give({ law: "zj34", article: "1" })).rejects.toMatchObject({
      code: "camera.citation_unfit",
    });
    expect(await readUseAuthority(pool, camera, "2026-03-10")).toBe("lead_only");
    await give({ law: "djaq", article: "114" });
    const days = ["2026-03-09", "2026-03-10", "2026-03-31", "2026-04-01"];
    expect(await Promise.all(days.map((day) => readUseAuthority(pool, camera, day)))).toEqual([
      "lead_only",
      "sole_evidence",
      "sole_evidence",
      "lead_only",
    ]);
    const bare = pool.query(
      `insert into camera_authorities (id, camera_id, authority, reason, valid_from, granted_by, at)
       values ('aut_bare', $1, 'sole_evidence', '无', '2026-01-01', $2, now())`,
      [camera, lawyer.userId],
    );
    await expect(bare).rejects.toThrow(/check constraint/);
  });

  it("is what a case sees of a record: the camera as it was on the day of the capture", async () => {
    const camera = await makeCamera(pool);
    await makeUsable(pool, camera, "corroborative");
    const capture = (at: number) =>
      makeIncident(pool, camera, { occurredAt: at - hour, triggeredAt: at - hour });
    const [usable, expired] = [await capture(testDay), await capture(testDay + 330 * 24 * hour)];
    const records = await readCameraRecords(pool, [usable, expired], parameters, book);
    expect(records.get(usable)).toMatchObject({ useAuthority: "corroborative", faults: [] });
    expect(records.get(expired)).toMatchObject({ useAuthority: "lead_only", capturedOn: "2027-02-03" });
    expect(records.get(expired)?.faults.map(({ rule }) => rule)).toEqual(["B-01", "B-01", "B-03", "B-04"]);
  });

  it("makes the public list: those on it that day, and nothing but what the law wants public", async () => {
    const [first, second] = [await makeCamera(pool), await makeCamera(pool)];
    const { engineer } = await makeUsable(pool, first);
    const shown = async (date: string) =>
      (await listPublicCameras(pool, date, { regionPrefix: county, limit: 1000 })).filter(
        ({ cameraId }) => cameraId === first || cameraId === second,
      );
    expect(await shown("2026-01-04")).toEqual([]);
    expect(await shown("2026-03-10")).toEqual([
      {
        cameraId: first,
        name: "人民南路二段 12 号门前",
        region: county,
        place: "人民南路二段",
        purpose: goodListing.purpose,
        responsibleBody: goodListing.responsibleBody,
        publishedOn: "2026-01-05",
        useFrom: "2026-02-10",
      },
    ]);
    const off = { listed: false, removedOn: "2026-03-10", reason: "停用" } as const;
    await withTx(pool, (tx) => recordListing(tx, userAct(engineer), first, off));
    expect(await shown("2026-03-10")).toEqual([]);
    expect(await shown("2026-03-09")).toHaveLength(1);
  });

  it("shows cameras with far more captures than those like them", async () => {
    const violation = "nonmotor_parking";
    const rules = [{ id: "bikes", violation, zone: "pavement" }];
    const cameras = [];
    for (let index = 0; index < 5; index += 1) {
      const id = await makeCamera(pool);
      const { rows } = await pool.query("select document from cameras where id = $1", [id]);
      const camera = { ...rows[0].document, rules };
      await withTx(pool, (tx) => putCamera(tx, systemAct(), { camera }));
      cameras.push(id);
    }
    const [busy = "", calm = ""] = cameras;
    for (let index = 0; index < 4; index += 1) await makeIncident(pool, busy, { violation });
    await makeIncident(pool, calm, { violation });
    const period = { from: testDay - 24 * hour, to: testDay, times: 3 };
    const found = await listAbnormalCameras(pool, [county], period);
    expect(found.find(({ cameraId }) => cameraId === busy)).toMatchObject({ captures: 4, median: 0 });
    const before = { ...period, from: period.from - 24 * hour, to: period.from };
    expect(await listAbnormalCameras(pool, [county], before)).toEqual([]);
    expect(await listAbnormalCameras(pool, ["510108"], period)).toEqual([]);
  });
});
