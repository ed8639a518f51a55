import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { DelayedError, type Job } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestBytes } from "../../pipeline/evidence/node-digest.ts";
import { packageRoot } from "../../runtime/version.ts";
import { findIncident } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { listRechecks } from "../../store/recheck-read-model.ts";
import { beginLook, decideCorrection, requestRecheck } from "../../store/recheck-store.ts";
import { testDay, userAct } from "../../test-fixtures/store-builders.ts";
import { rearm } from "../rearm.ts";
import { startRole } from "../start-role.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { recheckClips, warnAtCamera } from "../testing/warned-camera.ts";
import { lookAgainAt, MOST_TRIES } from "./recheck.ts";

const patience = { timeout: 50_000, interval: 100 };

describe("looking again when the grace is over", () => {
  let worker: TestWorker;
  let dir: string;
  let clips: Awaited<ReturnType<typeof recheckClips>>;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-recheck-"));
    clips = await recheckClips(dir);
    // Converted once per checkout, not once per test run.
    worker = await startTestWorker({ FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models") });
  });
  afterAll(async () => {
    await worker.close();
    await rm(dir, { recursive: true, force: true });
  });

  const past = testDay + 600_000;
  const delays: number[] = [];
  const job = { moveToDelayed: (at: number) => Promise.resolve(delays.push(at)) } as unknown as Job;
  const look = (recheckId: string, context = worker.context) =>
    lookAgainAt(context, { recheckId }, job, "token");
  const looks = (incidentId: string) => listRechecks(worker.context.pool, incidentId);
  const told = async (incidentId: string) =>
    ((await findIncident(worker.context.pool, "every", incidentId))?.timeline ?? [])
      .map(({ action }) => action)
      .filter((action) => action.startsWith("recheck"));
  const bytesOf = (key: string, path: string) =>
    buffer(worker.context.objects.read(key, path, { start: 0, end: Number.MAX_SAFE_INTEGER }));

  it.each([
    ["there", "still_there"],
    ["gone", "gone"],
    ["dark", "unclear"],
  ] as const)("of a place that is %s: %s, with a picture to compare", async (clip, result) => {
    const { incidentId, recheckId } = await warnAtCamera(worker.context.pool, clips[clip], {
      graceUntil: past,
    });
    await look(recheckId);
    const [found] = await looks(incidentId);
    expect(found).toMatchObject({
      state: "done",
      result,
      before: { original: { path: "originals/still-3-trigger.jpg" }, masked: { sha256: "e".repeat(64) } },
      after: { bundlePath: recheckId },
    });
    expect(found?.detections.length).toBeGreaterThanOrEqual(3);
    for (const file of [found?.after?.original, found?.after?.masked])
      expect((await digestBytes(await bytesOf(recheckId, file?.path ?? ""))).sha256).toBe(file?.sha256);
    // It proposes: the incident stays where it is until a person says so.
    expect(await findIncident(worker.context.pool, "every", incidentId)).toMatchObject({
      state: "persuading",
    });
    expect(await told(incidentId)).toEqual(["recheck_done"]);
    expect(await readdir(worker.context.spoolDir)).toEqual([]);
  });

  it("leaves the decision to an officer, who may see it otherwise", async () => {
    const { incidentId, recheckId, warningId, officer } = await warnAtCamera(
      worker.context.pool,
      clips.gone,
      {
        graceUntil: past,
      },
    );
    const decide = (result: "corrected" | "not_corrected", by: string | null) =>
      withTx(worker.context.pool, (tx) =>
        decideCorrection(tx, userAct(officer, past), incidentId, { result, note: "已查看", recheckId: by }),
      );
    await expect(decide("corrected", recheckId)).rejects.toMatchObject({ code: "store.not_found" });
    await look(recheckId);
    await expect(decide("not_corrected", recheckId)).rejects.toMatchObject({
      code: "incident.recheck_contradicts",
    });
    await decide("corrected", recheckId);
    expect(await findIncident(worker.context.pool, "every", incidentId)).toMatchObject({
      state: "corrected",
    });
    const { rows } = await worker.context.pool.query("select result from warnings where id = $1", [
      warningId,
    ]);
    expect(rows).toEqual([{ result: "corrected" }]);
  });

  it("once, though the worker dies between keeping the picture and saying so", async () => {
    const { context } = worker;
    const { incidentId, recheckId, cameraId } = await warnAtCamera(context.pool, clips.there, {
      graceUntil: past,
    });
    const deaf = { ...context, pool: failingAfterLook(context.pool) };
    await expect(look(recheckId, deaf)).rejects.toThrow("killed");
    expect(await looks(incidentId)).toMatchObject([{ state: "running", result: null }]);
    // What was seen first counts, whatever the street looks like now.
    await context.pool.query(
      "update cameras set source = jsonb_set(source, '{url}', to_jsonb($2::text)) where id = $1",
      [cameraId, clips.gone],
    );
    await Promise.all([look(recheckId), look(recheckId)]);
    await look(recheckId);
    expect(await looks(incidentId)).toMatchObject([{ state: "done", result: "still_there", attempts: 1 }]);
    expect(await told(incidentId)).toEqual(["recheck_done"]);
  });

  it("once, though two workers look at the same time", async () => {
    const { incidentId, recheckId } = await warnAtCamera(worker.context.pool, clips.there, {
      graceUntil: past,
    });
    await Promise.all([look(recheckId), look(recheckId)]);
    const [found] = await looks(incidentId);
    const kept = await bytesOf(recheckId, found?.after?.original.path ?? "");
    expect((await digestBytes(kept)).sha256).toBe(found?.after?.original.sha256);
    expect(await told(incidentId)).toEqual(["recheck_done"]);
  });

  it("waits by the machine's clock, though this program goes by another", async () => {
    const { incidentId, recheckId } = await warnAtCamera(worker.context.pool, clips.there, {
      graceUntil: past,
    });
    const early = { ...worker.context, clock: { now: () => past - 3_600_000 } };
    delays.length = 0;
    const before = Date.now();
    await expect(look(recheckId, early)).rejects.toBeInstanceOf(DelayedError);
    const [until = 0] = delays;
    expect(until).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(until).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(await looks(incidentId)).toMatchObject([{ state: "pending", attempts: 0 }]);
  });

  it("not before its time", async () => {
    const graceUntil = worker.context.clock.now() + 3_600_000;
    const { incidentId, recheckId } = await warnAtCamera(worker.context.pool, clips.there, { graceUntil });
    delays.length = 0;
    const before = Date.now();
    await expect(look(recheckId)).rejects.toBeInstanceOf(DelayedError);
    const passedMs = (delays[0] ?? 0) - graceUntil;
    expect([passedMs >= 0, passedMs <= Date.now() - before, delays.length]).toEqual([true, true, 1]);
    expect(await looks(incidentId)).toMatchObject([{ state: "pending", attempts: 0 }]);
  });

  it("earlier when an officer asks, and again at its time when that did not show the end", async () => {
    const { pool, clock } = worker.context;
    const graceUntil = clock.now() + 3_600_000;
    const { incidentId, recheckId, officer } = await warnAtCamera(pool, clips.there, { graceUntil });
    const asked = await withTx(pool, (tx) => requestRecheck(tx, userAct(officer, clock.now()), incidentId));
    expect(asked).toEqual({ recheckId });
    await look(recheckId);
    expect(await looks(incidentId)).toMatchObject([
      { recheckId, state: "done", result: "still_there", askedByName: expect.stringContaining("officer") },
      { state: "pending", dueAt: new Date(graceUntil).toISOString() },
    ]);
  });

  it("again and again while the stream is down, and then a person looks", async () => {
    const { pool } = worker.context;
    const { incidentId, recheckId } = await warnAtCamera(pool, join(dir, "nowhere.mp4"), {
      graceUntil: past,
    });
    delays.length = 0;
    for (let attempt = 1; attempt < MOST_TRIES; attempt++) {
      await expect(look(recheckId)).rejects.toBeInstanceOf(DelayedError);
      expect(await looks(incidentId)).toMatchObject([
        { state: "pending", attempts: attempt, fault: "media.source_not_found" },
      ]);
      await pool.query("update rechecks set next_at = due_at where id = $1", [recheckId]);
    }
    expect(delays.every((at, index) => index === 0 || at > (delays[index - 1] ?? 0))).toBe(true);
    await look(recheckId);
    expect(await looks(incidentId)).toMatchObject([{ state: "failed", fault: "media.source_not_found" }]);
    expect(await told(incidentId)).toEqual(["recheck_failed"]);
  });

  it("not at all when it is decided meanwhile", async () => {
    const { incidentId, recheckId, officer } = await warnAtCamera(worker.context.pool, clips.there, {
      graceUntil: past,
    });
    await withTx(worker.context.pool, (tx) =>
      decideCorrection(tx, userAct(officer), incidentId, {
        result: "corrected",
        note: "现场已移走",
        recheckId: null,
      }),
    );
    await look(recheckId);
    expect(await looks(incidentId)).toMatchObject([{ state: "cancelled", fault: "decided", attempts: 0 }]);
  });

  it("although Redis forgot about it, and a worker that was killed at it had begun", async () => {
    const { context } = worker;
    const { incidentId, recheckId } = await warnAtCamera(context.pool, clips.gone, { graceUntil: past });
    const far = context.clock.now() + 3_600_000;
    const later = await warnAtCamera(context.pool, clips.gone, { graceUntil: far });
    await beginLook(context.pool, recheckId, past);
    await rearm(context, ["recheck"], "start");
    await worker.loseRedis();
    await Promise.all([rearm(context, ["recheck"], "start"), rearm(context, ["recheck"], "again")]);
    const waiting = await context.producer.queue("rechecks").getJob(later.recheckId);
    expect(await waiting?.getState()).toBe("delayed");
    startRole(context, "recheck", worker.lifecycle);
    await expect.poll(async () => (await looks(incidentId))[0]?.state, patience).toBe("done");
    expect(await looks(incidentId)).toMatchObject([{ result: "gone", attempts: 2 }]);
    expect(await looks(later.incidentId)).toMatchObject([{ state: "pending" }]);
    // Asked for now, the job that waited is not waited for.
    await withTx(context.pool, (tx) => requestRecheck(tx, userAct(later.officer, past), later.incidentId));
    await context.producer.lookAgain(later.recheckId, 0);
    await expect.poll(async () => (await looks(later.incidentId))[0]?.state, patience).toBe("done");
  });
});

/** Says no when the look is to be recorded: everything before has come about. */
function failingAfterLook(pool: TestWorker["context"]["pool"]): TestWorker["context"]["pool"] {
  return new Proxy(pool, {
    get(target, name, receiver) {
      if (name === "connect") return () => Promise.reject(new Error("killed"));
      const value: unknown = Reflect.get(target, name, receiver);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
