import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealSchema } from "../../pipeline/evidence/manifest-schema.ts";
import { newId } from "../../runtime/ids.ts";
import { hashToken } from "../../runtime/warning-link.ts";
import { NotFoundError } from "../../store/errors.ts";
import { placeHold, releaseHold } from "../../store/hold-store.ts";
import { moveIncident } from "../../store/incident-store.ts";
import { ObjectMissingError, type ObjectStore } from "../../store/object-store.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { addPartyLink, findPartyLink } from "../../store/portal-link-store.ts";
import { listReceipts, takeSubmission } from "../../store/portal-receipt-store.ts";
import { keepUpload, noteUpload } from "../../store/portal-upload-store.ts";
import { claimIncident, confirmIncident, rejectIncident } from "../../store/review-store.ts";
import { listTombstones } from "../../store/tombstone-read-model.ts";
import {
  allYes,
  county,
  makeCamera,
  makeIncident,
  makeUser,
  type TestUser,
  userAct,
} from "../../test-fixtures/store-builders.ts";
import { copyBundle, startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { storeEvidence } from "./evidence.ts";
import { applyRetention, deleteOverdueEvidence } from "./retention.ts";

const inShanghai = (text: string) => Date.parse(`${text}+08:00`);
/** The fixture's candidate was recorded on 1 January 2026. */
const lastKeptMoment = inShanghai("2026-01-31T23:59:59.999");
const firstDueMoment = inShanghai("2026-02-01T00:00:00");
const lastReviewMoment = inShanghai("2026-01-08T23:59:59.999");
const firstExpiredMoment = inShanghai("2026-01-09T00:00:00");
const parameters = { rawDays: 30 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("retention", () => {
  let worker: TestWorker;
  let person: TestUser;
  beforeAll(async () => {
    worker = await startTestWorker();
    person = await makeUser(worker.context.pool, ["content_reviewer", "officer", "legal_reviewer"]);
  });
  afterAll(() => worker.close());

  const run = (at = firstDueMoment, objects: ObjectStore = worker.context.objects) =>
    applyRetention({ ...worker.context, objects, clock: { now: () => at } }, parameters);
  const doing = <Result>(step: Parameters<typeof withTx<Result>>[1]) => withTx(worker.context.pool, step);
  const act = () => userAct(person, inShanghai("2026-01-02T09:00:00"));

  interface Stored {
    readonly incidentId: string;
    readonly candidateId: string;
    readonly cameraId: string;
  }

  /** A stored bundle whose incident waits for review. */
  async function waiting(): Promise<Stored> {
    const { candidateId, cameraId, dir } = await worker.spoolBundle();
    await copyBundle(dir, join(worker.context.config.dataDir, `aside-${candidateId}`));
    await storeEvidence(worker.context, { candidateId });
    const { rows } = await worker.context.pool.query<{ id: string }>(
      "select id from incidents where candidate_id = $1",
      [candidateId],
    );
    return { incidentId: rows[0]?.id ?? "", candidateId, cameraId };
  }

  /** The same, claimed and decided by a person on 2 January. */
  async function decided(decide: (tx: Tx, incidentId: string) => Promise<unknown>): Promise<Stored> {
    const stored = await waiting();
    await doing(async (tx) => {
      await claimIncident(tx, act(), stored.incidentId);
      await decide(tx, stored.incidentId);
    });
    return stored;
  }

  /** A stored bundle whose incident was rejected. */
  const rejected = () =>
    decided((tx, incidentId) =>
      rejectIncident(tx, act(), incidentId, { reason: "false_detection", text: null, tests: {} }),
    );

  async function stateOf(incidentId: string): Promise<string | undefined> {
    const { rows } = await worker.context.pool.query<{ state: string }>(
      "select state from incidents where id = $1",
      [incidentId],
    );
    return rows[0]?.state;
  }

  async function filesOf(candidateId: string): Promise<string[]> {
    const folder = worker.context.objects.localPath(candidateId);
    const beside = await readdir(dirname(folder));
    if (!beside.some((name) => name.startsWith(candidateId))) return [];
    return readdir(folder, { recursive: true });
  }

  async function tombstoneOf(cameraId: string) {
    const page = await listTombstones(worker.context.pool, {
      scope: "every",
      cameraId,
      limit: 10,
      cursor: null,
    });
    return page.items[0];
  }

  async function logOf(candidateId: string): Promise<string[]> {
    const { rows } = await worker.context.pool.query<{ kind: string }>(
      `select convert_from(entry, 'UTF8')::jsonb ->> 'kind' as kind from evidence_log
       where convert_from(entry, 'UTF8')::jsonb ->> 'bundleId' = $1 order by "index"`,
      [candidateId],
    );
    return rows.map(({ kind }) => kind).filter((kind) => kind === "retention_decided" || kind === "deleted");
  }

  async function timelineOf(incidentId: string): Promise<string[]> {
    const { rows } = await worker.context.pool.query<{ action: string }>(
      "select action from timeline_entries where subject_id = $1 order by seq",
      [incidentId],
    );
    return rows.map(({ action }) => action);
  }

  /** Whatever happened before: nothing is left but what is on record, and that once. */
  async function expectDeleted({ incidentId, candidateId, cameraId }: Stored) {
    expect(await filesOf(candidateId)).toEqual([]);
    expect(await logOf(candidateId)).toEqual(["retention_decided", "deleted"]);
    expect((await timelineOf(incidentId)).slice(-2)).toEqual(["decide_deletion", "delete_evidence"]);
    expect((await tombstoneOf(cameraId))?.deletedAt).not.toBeNull();
  }

  it("keeps a rejected incident's evidence through day 30 and deletes it when day 31 begins", async () => {
    const evidence = await rejected();
    expect(await run(lastKeptMoment)).toBe(0);
    expect(await filesOf(evidence.candidateId)).toContain("manifest.json");
    expect(await run(firstDueMoment)).toBe(1);
    await expectDeleted(evidence);
    expect(await run(firstDueMoment)).toBe(0);
    await expectDeleted(evidence);
  });

  it("leaves a tombstone with the seal, which explains the gap in the camera's chain", async () => {
    const evidence = await rejected();
    await run();
    const tombstone = await tombstoneOf(evidence.cameraId);
    expect(tombstone).toMatchObject({
      incidentId: evidence.incidentId,
      bundleId: evidence.candidateId,
      rule: "rejected",
      keptThrough: "2026-01-31",
      decidedBy: "retention-worker",
    });
    const seal = sealSchema.parse(tombstone?.seal);
    expect(seal).toMatchObject({
      bundleId: evidence.candidateId,
      cameraId: evidence.cameraId,
      sequence: tombstone?.sequence,
      manifestSha256: tombstone?.manifestSha256,
    });
  });

  it("deletes nothing that still waits for somebody", async () => {
    const { incidentId, candidateId } = await decided((tx, id) => confirmIncident(tx, act(), id, allYes));
    await run(inShanghai("2036-01-01T00:00:00"));
    expect(await stateOf(incidentId)).toBe("confirmed");
    expect(await filesOf(candidateId)).toContain("manifest.json");
  });

  it("expires what nobody reviewed in time, and deletes it when its thirty days are over", async () => {
    const evidence = await waiting();
    await run(lastReviewMoment);
    expect(await stateOf(evidence.incidentId)).toBe("review_pending");
    await run(firstExpiredMoment);
    expect(await stateOf(evidence.incidentId)).toBe("expired");
    expect((await timelineOf(evidence.incidentId)).at(-1)).toBe("expire");
    expect(await run(lastKeptMoment)).toBe(0);
    expect(await filesOf(evidence.candidateId)).toContain("manifest.json");
    expect(await run(firstDueMoment)).toBe(1);
    await expectDeleted(evidence);
    expect((await tombstoneOf(evidence.cameraId))?.rule).toBe("expired");
  });

  it.each([
    ["transferred", "transfer"],
    ["work_order", "order_work"],
  ] as const)("deletes what became %s thirty days after that", async (rule, action) => {
    const evidence = await decided((tx, id) => moveIncident(tx, act(), id, { action, target: "环卫所" }));
    expect(await run(firstDueMoment)).toBe(0);
    expect(await run(firstDueMoment + DAY)).toBe(1);
    await expectDeleted(evidence);
    expect(await tombstoneOf(evidence.cameraId)).toMatchObject({ rule, keptThrough: "2026-02-01" });
  });

  it("forgets the plate with the evidence it was read from, and nothing else of the facts", async () => {
    const { incidentId } = await rejected();
    const { pool } = worker.context;
    const factsOf = async () =>
      (await pool.query("select facts from incidents where id = $1", [incidentId])).rows[0].facts;
    const plate = { text: "川A12345", confidence: 0.9 };
    await pool.query("update incidents set facts = facts || $2 where id = $1", [incidentId, { plate }]);
    const before = await factsOf();
    expect(before.plate).toEqual(plate);
    await run();
    expect(await factsOf()).toEqual({ ...before, plate: null });
  });

  it("deletes what the party sent about it and closes their link", async () => {
    const { pool, objects, config } = worker.context;
    const { incidentId } = await rejected();
    const linkId = newId("plk");
    const uploadId = newId("upl");
    const upload = {
      ...{ linkId, name: "张三.pdf", mediaType: "application/pdf" as const },
      ...{ received: Buffer.from("%PDF-1.7"), copy: null },
    };
    const hash = "a".repeat(64);
    const link = {
      ...{ linkId, of: { incidentId }, region: county, tokenHash: hashToken(linkId) },
      ...{ factorKind: "phone" as const, factorHash: hash, expiresAt: Date.parse("2030-01-01T00:00:00Z") },
    };
    const submission = { linkId, what: "upload" as const, sha256: hash, content: {}, idempotencyKey: null };
    const handIn = () =>
      doing((tx) =>
        takeSubmission(tx, act(), submission, async (receiptId) => {
          await keepUpload(objects, config.dataDir, uploadId, upload);
          await noteUpload(tx, act(), uploadId, receiptId, upload);
          return { uploadId };
        }),
      );
    await doing((tx) => addPartyLink(tx, act(), link));
    await handIn();
    expect(await objects.sizeOf(uploadId, "originals/received.bin")).toBe(8);
    await run();
    await expect(objects.sizeOf(uploadId, "originals/received.bin")).rejects.toThrow(ObjectMissingError);
    const { rows } = await pool.query("select 1 from portal_uploads where id = $1", [uploadId]);
    expect(rows).toEqual([]);
    expect((await listReceipts(pool, linkId)).map(({ sha256 }) => sha256)).toEqual([hash]);
    expect((await findPartyLink(pool, linkId))?.revokedAt).toBe(firstDueMoment);
    await expect(handIn()).rejects.toThrow(NotFoundError);
    await run();
  });

  it("forgets what was asked under a key more than a day ago, and no sooner", async () => {
    const { pool } = worker.context;
    for (const [key, age] of [
      ["asked-yesterday", "25 hours"],
      ["asked-today", "23 hours"],
    ])
      await pool.query(
        `insert into idempotency_keys (owner, key, route, request_sha256, attempt, locked_until, state, created_at)
         values ('usr', $1, 'post /cases', repeat('a', 64), 'att', now(), 'running', now() - $2::interval)`,
        [key, age],
      );
    await deleteOverdueEvidence(worker.context);
    const { rows } = await pool.query("select key from idempotency_keys");
    expect(rows).toEqual([{ key: "asked-today" }]);
  });

  describe("when a clock is wrong", () => {
    it("does nothing where this machine's and the database's differ by hours, and says so", async () => {
      const [kept, unreviewed] = [await rejected(), await waiting()];
      const at = (offset: number) => ({ ...worker.context, clock: { now: () => Date.now() + offset } });
      for (const offset of [2 * HOUR, -2 * HOUR]) {
        const before = worker.log.length;
        await deleteOverdueEvidence(at(offset));
        expect(worker.log.slice(before).filter((line) => line.includes('"level":50'))).toHaveLength(1);
      }
      expect(await filesOf(kept.candidateId)).toContain("manifest.json");
      expect(await stateOf(unreviewed.incidentId)).toBe("review_pending");
      await deleteOverdueEvidence(at(HOUR / 2));
      await expectDeleted(kept);
      expect(await stateOf(unreviewed.incidentId)).toBe("expired");
    });

    it("ends nothing early by a clock that runs ahead", async () => {
      const { pool } = worker.context;
      const now = Date.now();
      const times = { occurredAt: now - 2 * HOUR, triggeredAt: now - HOUR, reviewDue: now + DAY };
      const recent = { ...times, bundlePath: "nothing-stored" };
      const [undecided, settled] = [
        await makeIncident(pool, await makeCamera(pool), recent),
        await makeIncident(pool, await makeCamera(pool), recent),
      ];
      await doing(async (tx) => {
        await claimIncident(tx, userAct(person, now), settled);
        await rejectIncident(tx, userAct(person, now), settled, {
          reason: "false_detection",
          text: null,
          tests: {},
        });
      });
      expect(await run(now + 100 * DAY)).toBe(0);
      expect([await stateOf(undecided), await stateOf(settled)]).toEqual(["review_pending", "rejected"]);
    });
  });

  it("deletes nothing that is held, and goes on when the hold is released", async () => {
    const evidence = await rejected();
    const subject = { kind: "incident", id: evidence.incidentId } as const;
    const { holdId } = await doing((tx) => placeHold(tx, act(), subject, "当事人申请复议"));
    expect(await run(inShanghai("2036-01-01T00:00:00"))).toBe(0);
    expect(await filesOf(evidence.candidateId)).toContain("manifest.json");
    await doing((tx) => releaseHold(tx, act(), holdId, "复议终结"));
    expect(await run()).toBe(1);
    await expectDeleted(evidence);
  });

  it("holds nothing any more once its deletion was decided", async () => {
    const evidence = await rejected();
    await run();
    const subject = { kind: "incident", id: evidence.incidentId } as const;
    await expect(doing((tx) => placeHold(tx, act(), subject, "太晚"))).rejects.toMatchObject({
      code: "evidence.deleted",
    });
  });

  it("is refused by the database for what is held, whoever tries and for whatever reason", async () => {
    const { incidentId } = await rejected();
    await doing((tx) => placeHold(tx, act(), { kind: "incident", id: incidentId }, "当事人申请复议"));
    const tombstone = `insert into evidence_tombstones (incident_id, bundle_path, camera_id, region, manifest_sha256,
         rule, kept_through, decided_by, decided_at)
       select id, bundle_path, camera_id, region, manifest_sha256, 'rejected', '2026-01-31', 'disk-full', now()
       from incidents where id = '${incidentId}'`;
    await refused(tombstone, /is held/);
  });

  /** Refused in a session of its own, also where ordinary triggers sleep. */
  async function refused(change: string, why: RegExp): Promise<void> {
    for (const role of ["origin", "replica"]) {
      const client = await worker.context.pool.connect();
      try {
        await client.query(`set session_replication_role = '${role}'`);
        await expect(client.query(change), `${role}: ${change}`).rejects.toThrow(why);
      } finally {
        client.release(true);
      }
    }
  }

  it("cannot be undone on record", async () => {
    const { incidentId } = await rejected();
    await run();
    const { incidentId: held } = await rejected();
    await doing((tx) => placeHold(tx, act(), { kind: "incident", id: held }, "当事人申请复议"));
    for (const change of [
      `delete from evidence_tombstones where incident_id = '${incidentId}'`,
      `update evidence_tombstones set deleted_at = null where incident_id = '${incidentId}'`,
      `update evidence_tombstones set rule = 'corrected' where incident_id = '${incidentId}'`,
      "truncate evidence_tombstones",
      `delete from evidence_holds where incident_id = '${held}'`,
      `update evidence_holds set reason = 'x' where incident_id = '${held}'`,
      "truncate evidence_holds",
    ])
      await refused(change, /append-only|final/);
  });

  it("does not keep what comes again out of a spool", async () => {
    const evidence = await rejected();
    const { candidateId } = evidence;
    await run();
    const aside = join(worker.context.config.dataDir, `aside-${candidateId}`);
    await copyBundle(aside, join(worker.context.spoolDir, candidateId));
    await storeEvidence(worker.context, { candidateId });
    expect(await readdir(worker.context.spoolDir)).not.toContain(candidateId);
    await expectDeleted(evidence);
  });

  describe("after a kill", () => {
    /** The real store, whose `destroy` ends like a killed program. */
    function dying(when: "before" | "after"): ObjectStore {
      const { objects } = worker.context;
      return {
        takeIn: (key, folder) => objects.takeIn(key, folder),
        keepOriginal: (key, name, bytes) => objects.keepOriginal(key, name, bytes),
        sizeOf: (key, path) => objects.sizeOf(key, path),
        read: (key, path, range) => objects.read(key, path, range),
        openBundle: (key) => objects.openBundle(key),
        localPath: (key) => objects.localPath(key),
        async destroy(key) {
          if (when === "after") await objects.destroy(key);
          throw new Error("killed");
        },
      };
    }

    it.each(["before", "after"] as const)("%s the files are gone, the next run finishes", async (when) => {
      const evidence = await rejected();
      await expect(run(firstDueMoment, dying(when))).rejects.toThrow(/could not be expired or deleted/);
      expect(await logOf(evidence.candidateId)).toEqual(["retention_decided"]);
      expect((await tombstoneOf(evidence.cameraId))?.deletedAt).toBeNull();
      expect((await filesOf(evidence.candidateId)).length > 0).toBe(when === "before");
      expect(await run()).toBe(1);
      await expectDeleted(evidence);
    });

    it("two that run at once delete each bundle once on record", async () => {
      const evidence = [await rejected(), await rejected(), await rejected()];
      await Promise.all([run(), run(), run()]);
      for (const one of evidence) await expectDeleted(one);
    });
  });

  it("goes on with the others when one cannot be removed, and says so", async () => {
    const [stuck, free] = [await rejected(), await rejected()];
    const { objects } = worker.context;
    const one: ObjectStore = Object.create(objects, {
      destroy: {
        value: (key: string) =>
          key === stuck.candidateId ? Promise.reject(new Error("EACCES")) : objects.destroy(key),
      },
      read: { value: objects.read.bind(objects) },
    });
    await expect(run(firstDueMoment, one)).rejects.toThrow(/1 incidents could not be expired or deleted/);
    await expectDeleted(free);
    expect(worker.log.some((line) => line.includes(stuck.incidentId) && line.includes('"level":50'))).toBe(
      true,
    );
    await run();
    await expectDeleted(stuck);
  });

  it("deletes what lost its seal too, and says in the tombstone that it is lost", async () => {
    const evidence = await rejected();
    const { objects } = worker.context;
    await objects.destroy(evidence.candidateId);
    await run();
    expect(await tombstoneOf(evidence.cameraId)).toMatchObject({ seal: null, sequence: null });
  });
});
