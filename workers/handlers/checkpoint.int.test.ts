import { afterEach, describe, expect, it } from "vitest";
import { verifyTimestamp } from "../../pipeline/evidence/timestamp/verify-token.ts";
import { readExposition } from "../../runtime/metrics/testing/read-exposition.ts";
import { readCertificates } from "../../runtime/timestamp-authority.ts";
import { findLastCheckpoint, listCheckpoints, listUnstamped } from "../../store/checkpoint-read-model.ts";
import { checkLog } from "../../store/evidence-log-check.ts";
import { fillLog, spoil } from "../../test-fixtures/evidence-log.ts";
import { hasOpenssl, startAuthority, type TestAuthority } from "../../test-fixtures/timestamp-authority.ts";
import type { WorkerContext } from "../context.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { makeCheckpoint } from "./checkpoint.ts";

/** Levels of pino. */
const [WARN, ERROR] = [40, 50];

describe("the checkpoint job", () => {
  let worker: TestWorker;
  let authority: TestAuthority | undefined;
  let now: number;

  async function start(env: Record<string, string> = {}): Promise<WorkerContext> {
    worker = await startTestWorker(env);
    now = Date.parse("2026-03-10T01:00:00Z");
    return { ...worker.context, clock: { now: () => now } };
  }
  const linesAbout = (text: string) =>
    worker.log.filter((line) => line.includes(text)).map((line) => JSON.parse(line) as { level: number });
  const refusals = async ({ metrics }: WorkerContext) =>
    readExposition((await metrics.scrape()).body).get("forewarn_log_refusals_total");
  afterEach(async () => {
    await authority?.close();
    authority = undefined;
    await worker.close();
  });

  it("signs what there is, and no more often than it should", async () => {
    const context = await start({ FOREWARN_CHECKPOINT_MINUTES: "10" });
    const sizes = async () => (await listCheckpoints(context.pool, 0, 10)).map(({ size }) => size);
    await makeCheckpoint(context);
    expect(await sizes()).toEqual([]);
    await fillLog(context.pool, 3);
    await Promise.all(Array.from({ length: 5 }, () => makeCheckpoint(context)));
    expect(await sizes()).toEqual([3]);
    await fillLog(context.pool, 2);
    now += 9 * 60_000;
    await makeCheckpoint(context);
    expect(await sizes()).toEqual([3]);
    now += 60_000;
    await makeCheckpoint(context);
    expect(await sizes()).toEqual([3, 5]);
    const trustedKeys = await context.desk.siteKeys();
    expect((await checkLog(context.pool, { trustedKeys })).problems).toEqual([]);
  });

  it("fails and signs nothing when the log is not the one it signed before", async () => {
    const context = await start();
    await fillLog(context.pool, 3);
    await makeCheckpoint(context);
    await fillLog(context.pool, 1);
    await spoil(context.pool, "delete from evidence_log where index = 3");
    await spoil(context.pool, "delete from evidence_log where index = 2");
    now += 3_600_000;
    expect(await refusals(context)).toBe(0);
    await expect(makeCheckpoint(context)).rejects.toMatchObject({ code: "log.checkpoint_refused" });
    expect((await findLastCheckpoint(context.pool))?.size).toBe(3);
    expect(await refusals(context)).toBe(1);
    expect(linesAbout("log.checkpoint_refused")).toMatchObject([{ level: ERROR }]);
  });

  it("signs when the certificates of its authority cannot be read, and says so loudly", async () => {
    const context = await start({
      ...{ FOREWARN_TSA_URL: "http://127.0.0.1:9/", FOREWARN_TSA_CA: "/nowhere/tsa-ca.pem" },
    });
    await fillLog(context.pool, 3);
    await makeCheckpoint(context);
    expect((await findLastCheckpoint(context.pool))?.size).toBe(3);
    expect(linesAbout("/nowhere/tsa-ca.pem")).toMatchObject([{ level: ERROR }]);
    expect(await refusals(context)).toBe(0);
  });

  it("goes on signing after a checkpoint that is dated in the future, and warns of it", async () => {
    const context = await start();
    await fillLog(context.pool, 1);
    now += 365 * 86_400_000;
    await makeCheckpoint(context);
    now -= 365 * 86_400_000;
    await fillLog(context.pool, 1);
    await makeCheckpoint(context);
    expect((await findLastCheckpoint(context.pool))?.size).toBe(2);
    expect(linesAbout("is dated")).toMatchObject([{ level: WARN }]);
  });

  describe.skipIf(!hasOpenssl)("with an authority (openssl ts; skipped without openssl)", () => {
    async function startWithAuthority() {
      const tsa = await startAuthority();
      authority = tsa;
      return { tsa, context: await start({ FOREWARN_TSA_URL: tsa.url, FOREWARN_TSA_CA: tsa.caPath }) };
    }

    it("has each checkpoint stamped once", async () => {
      const { context, tsa } = await startWithAuthority();
      await fillLog(context.pool, 3);
      await makeCheckpoint(context);
      await makeCheckpoint(context);
      expect(tsa.asked()).toBe(1);
      const stored = await findLastCheckpoint(context.pool);
      const authorities = await readCertificates(tsa.caPath);
      expect(
        await verifyTimestamp(stored?.token ?? Buffer.of(), stored?.document ?? Buffer.of(), { authorities }),
      ).toMatchObject({
        ...{ problems: [], trust: "trusted", at: stored?.stampedAt },
      });
      expect(await checkLog(context.pool, { authorities })).toMatchObject({
        ...{ problems: [], timestamps: { trusted: 1, untrusted: 0, not_checked: 0 } },
      });
    });

    it("signs without it while it is away, and catches up when it is back", async () => {
      const { context, tsa } = await startWithAuthority();
      tsa.answerWith(() => ({ status: 503, body: Buffer.from("busy") }));
      for (const size of [1, 2]) {
        await fillLog(context.pool, 1);
        await makeCheckpoint(context);
        expect((await findLastCheckpoint(context.pool))?.size).toBe(size);
        now += 3_600_000;
      }
      expect(worker.log.some((line) => line.includes("timestamp.unreachable"))).toBe(true);
      expect(await listUnstamped(context.pool, 10)).toHaveLength(2);
      tsa.answerWith(undefined);
      await makeCheckpoint(context);
      expect(await listUnstamped(context.pool, 10)).toEqual([]);
    });
  });
});
