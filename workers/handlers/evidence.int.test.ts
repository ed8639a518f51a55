import { appendFile, mkdir, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workCalendar } from "../../casework/clocks/work-calendar.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { verifySource } from "../../pipeline/evidence/portable/verify-source.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { putCamera } from "../../store/camera-store.ts";
import { findIncident } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { cameraFile, systemAct } from "../../test-fixtures/store-builders.ts";
import { copyBundle, startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { storeEvidence } from "./evidence.ts";

describe("a sealed bundle becomes an incident", () => {
  let worker: TestWorker;
  beforeAll(async () => {
    worker = await startTestWorker();
  });
  afterAll(() => worker.close());

  const store = (candidateId: string) => storeEvidence(worker.context, { candidateId });
  const spooled = () => readdir(worker.context.spoolDir);
  const verifyStored = async (candidateId: string) =>
    verifySource(await worker.context.objects.openBundle(candidateId), nodeCrypto);
  async function incidentsOf(candidateId: string): Promise<string[]> {
    const { rows } = await worker.context.pool.query<{ id: string }>(
      "select id from incidents where candidate_id = $1",
      [candidateId],
    );
    return rows.map(({ id }) => id);
  }

  /** Whatever happened before: one incident, the whole bundle in the object store, nothing in the spool. */
  async function expectStored(candidateId: string): Promise<string> {
    const incidents = await incidentsOf(candidateId);
    expect(incidents).toHaveLength(1);
    expect(await verifyStored(candidateId)).toMatchObject({ ok: true });
    expect(await spooled()).not.toContain(candidateId);
    return incidents[0] ?? "";
  }

  it("that waits for review and knows what its manifest says", async () => {
    const { candidateId, cameraId } = await worker.spoolBundle();
    await store(candidateId);
    const incident = await findIncident(worker.context.pool, "every", await expectStored(candidateId));
    expect(incident).toMatchObject({
      candidateId,
      cameraId,
      state: "review_pending",
      violation: "vehicle_sidewalk",
      bundlePath: candidateId,
      occurredAt: "2026-01-01T04:00:12.400Z",
      triggeredAt: "2026-01-01T04:01:17.400Z",
      // Five working days in Shanghai: the 2nd and 3rd are off, Sunday the 4th is worked.
      reviewDue: "2026-01-08T16:00:00.000Z",
      facts: {
        label: "car",
        dwellMs: 60_000,
        unobservedMs: 5_000,
        rule: { id: "pavement-parking", dwellSeconds: 60, graceSeconds: 600 },
      },
    });
    expect(incident?.facts.ledger).toHaveLength(3);
    const verdict = await verifyStored(candidateId);
    expect(incident?.manifestSha256).toBe(verdict.facts?.manifestSha256);
    expect(incident?.evidence).toHaveLength(verdict.facts?.files ?? 0);
  });

  it("whose time for review goes by the working days of its year", async () => {
    const calendar = workCalendar([{ year: 2026, off: ["2026-01-05"], makeup: [] }]);
    const { candidateId } = await worker.spoolBundle();
    const book = { ...worker.context.casework.book, calendar };
    await storeEvidence(
      { ...worker.context, casework: { ...worker.context.casework, book } },
      { candidateId },
    );
    const incident = await findIncident(worker.context.pool, "every", await expectStored(candidateId));
    expect(incident?.reviewDue).toBe("2026-01-09T16:00:00.000Z");
  });

  it("once, however often the job runs", async () => {
    const { candidateId } = await worker.spoolBundle();
    await store(candidateId);
    await store(candidateId);
    await expectStored(candidateId);
  });

  describe("after a kill", () => {
    it("when the object store had its copy and nothing was recorded", async () => {
      const { candidateId, dir } = await worker.spoolBundle();
      await worker.context.objects.takeIn(candidateId, dir);
      await store(candidateId);
      await expectStored(candidateId);
    });

    it("in the middle of copying", async () => {
      const { candidateId, dir } = await worker.spoolBundle();
      const partial = `${worker.context.objects.localPath(candidateId)}.partial-${process.pid}`;
      await mkdir(partial, { recursive: true });
      await writeFile(join(partial, "manifest.json"), "half a man");
      // Only what nobody can be copying any more is cleared away.
      const longAgo = new Date(Date.now() - 2 * 3_600_000);
      await utimes(partial, longAgo, longAgo);
      expect(await verifyBundle(dir)).toMatchObject({ ok: true });
      await store(candidateId);
      await expectStored(candidateId);
    });

    it("when it was recorded and the spool was not emptied", async () => {
      const { candidateId, dir } = await worker.spoolBundle();
      const aside = join(worker.context.config.dataDir, `aside-${candidateId}`);
      await copyBundle(dir, aside);
      await store(candidateId);
      await rename(aside, dir);
      await store(candidateId);
      await expectStored(candidateId);
    });

    it.each(["originals/still-1-first.jpg", "seal.json", "manifest.json", "originals"])(
      "in the middle of emptying the spool, %s gone already",
      async (gone) => {
        const { candidateId, dir } = await worker.spoolBundle();
        const aside = join(worker.context.config.dataDir, `aside-${candidateId}`);
        await copyBundle(dir, aside);
        await store(candidateId);
        await rename(aside, dir);
        await rm(join(dir, gone), { recursive: true });
        await store(candidateId);
        await expectStored(candidateId);
      },
    );

    it("with both documents gone from the spool", async () => {
      const { candidateId, dir } = await worker.spoolBundle();
      await store(candidateId);
      await mkdir(join(dir, "originals"), { recursive: true });
      await writeFile(join(dir, "originals", "rest.jpg"), "rest");
      await store(candidateId);
      await expectStored(candidateId);
    });
  });

  describe("unless it is broken: then it stays where it is, and somebody is told", () => {
    async function expectRefused(candidateId: string): Promise<void> {
      expect(await incidentsOf(candidateId)).toEqual([]);
      expect(await spooled()).toContain(candidateId);
      expect(worker.log.some((line) => line.includes(candidateId) && line.includes('"level":50'))).toBe(true);
    }

    it.each([
      ["a changed picture", (dir: string) => appendFile(join(dir, "originals/still-1-first.jpg"), "x")],
      ["a lost picture", (dir: string) => rm(join(dir, "originals/still-2-middle.jpg"))],
      ["a file too many", (dir: string) => writeFile(join(dir, "originals/extra.jpg"), "x")],
      ["a changed manifest", (dir: string) => appendFile(join(dir, "manifest.json"), " ")],
      ["no seal", (dir: string) => rm(join(dir, "seal.json"))],
    ])("%s", async (_, spoil) => {
      const { candidateId, dir } = await worker.spoolBundle();
      await spoil(dir);
      await expect(store(candidateId)).rejects.toThrow(UnrecoverableError);
      await expectRefused(candidateId);
      await expect(worker.context.objects.sizeOf(candidateId, "manifest.json")).rejects.toThrow(
        /has no file/,
      );
    });

    it("a bundle under the name of another", async () => {
      const { candidateId, dir } = await worker.spoolBundle();
      const other = "cnd_fffffffffffffffffffffffffa";
      await copyBundle(dir, join(worker.context.spoolDir, other));
      await expect(store(other)).rejects.toThrow(UnrecoverableError);
      await expectRefused(other);
      await store(candidateId);
      await expectStored(candidateId);
    });
  });

  it("waits in the spool for its camera to be on record, and is tried again", async () => {
    const { candidateId } = await worker.spoolBundle({ cameraId: "cam-not-yet" });
    const failure = await store(candidateId).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "store.not_found" });
    expect(failure).not.toBeInstanceOf(UnrecoverableError);
    expect(await spooled()).toContain(candidateId);
    await withTx(worker.context.pool, (tx) =>
      putCamera(tx, systemAct(), { camera: cameraFile("cam-not-yet"), enabled: true }),
    );
    await store(candidateId);
    await expectStored(candidateId);
  });

  it("is tried again when neither bundle nor incident is there", async () => {
    const failure = await store("cnd_fffffffffffffffffffffffffb").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: expect.stringContaining("bundle") });
    expect(failure).not.toBeInstanceOf(UnrecoverableError);
  });

  it("leaves an object store that holds exactly what incidents name", async () => {
    const root = join(worker.context.config.dataDir, "objects");
    const names = (await readdir(root, { recursive: true })).filter((name) => /^..[/\\][^/\\]+$/.test(name));
    expect(names.filter((name) => name.includes(".partial-"))).toEqual([]);
    for (const name of names) expect(await incidentsOf(name.slice(3))).toHaveLength(1);
  });
});
