import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ordinaryParts, type PartReached, serveByHand } from "../../casework/stories/ordinary-case.ts";
import { lastDocument } from "../../casework/stories/story-driver.ts";
import { type DemoPeople, seedDemoAgency } from "../../cli/demo/demo-people.ts";
import { StoreDriver } from "../../cli/demo/store-driver.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { openCaseFromClue } from "../../store/case-store.ts";
import { withTx } from "../../store/pool.ts";
import { readTimeline } from "../../store/timeline-store.ts";
import { county } from "../../test-fixtures/store-builders.ts";
import { rearm } from "../rearm.ts";
import { startRole } from "../start-role.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { fireClocks } from "./clock.ts";

const patience = { timeout: 20_000, interval: 50 };

describe("the clocks of cases", () => {
  let worker: TestWorker;
  let people: DemoPeople;
  let driver: StoreDriver;
  let opened = 0;
  beforeAll(async () => {
    worker = await startTestWorker();
    const { pool, casework } = worker.context;
    people = await seedDemoAgency(pool, Date.parse("2026-01-01T09:00:00+08:00"));
    driver = new StoreDriver(pool, casework, people, () => undefined);
  });
  afterAll(() => worker.close());

  /** A case told as far as this part of the ordinary procedure. */
  async function caseAt(reached: PartReached): Promise<string> {
    const { pool, casework } = worker.context;
    driver.on("2026-01-20", "20:00");
    // Nobody is fined twice for one act: each case is about another hour and another door.
    opened += 1;
    const startedAt = Date.parse("2026-01-20T05:00:00+08:00") + opened * 3_600_000;
    const { caseId } = await withTx(pool, (tx) =>
      openCaseFromClue(tx, driver.act("officer"), casework, {
        ...{ source: "complaint", region: county, violation: "street_vending", note: "本月第三次占道经营" },
        ...{ startedAt, endedAt: startedAt + 1_800_000, place: `人民南路二段 ${opened} 号门前` },
      }),
    );
    for (const part of ordinaryParts) {
      await part.tell(driver, caseId);
      if (part.reached === reached) return caseId;
    }
    throw new Error(`the story never reaches ${reached}`);
  }

  /** Decided and handed over on 10 March: the fine is due on the 25th. */
  async function performingCase(): Promise<string> {
    const caseId = await caseAt("decided");
    driver.on("2026-03-10");
    await serveByHand(driver, caseId, lastDocument(await driver.file(caseId), "D09"), "2026-03-10");
    return caseId;
  }

  /** The job of that day, at one in the morning. */
  const jobOf = (date: string) =>
    fireClocks({ ...worker.context, clock: { now: () => Date.parse(`${date}T01:00:00+08:00`) } }, { date });

  const stateOf = async (caseId: string) => (await driver.file(caseId)).state;
  const actionsOf = async (caseId: string) =>
    (await readTimeline(worker.context.pool, "case", caseId)).map(({ action }) => action);

  it("make a fine that nobody paid overdue the day after its last day, and not before", async () => {
    const caseId = await performingCase();
    expect(await driver.file(caseId)).toMatchObject({
      state: "performing",
      clocks: expect.arrayContaining([expect.objectContaining({ kind: "payment", legalDue: "2026-03-25" })]),
    });
    await jobOf("2026-03-25");
    expect(await stateOf(caseId)).toBe("performing");
    await jobOf("2026-03-26");
    expect(await stateOf(caseId)).toBe("overdue");
    const [last] = (await readTimeline(worker.context.pool, "case", caseId)).slice(-1);
    expect(last).toMatchObject({
      ...{ action: "mark_overdue", from: "performing", to: "overdue" },
      ...{ actorKind: "system", actorId: "clock-worker" },
    });
  });

  it("close the party's windows with a line on the timeline, once however often they are looked at", async () => {
    const caseId = await caseAt("notice_served");
    const windows = (await driver.file(caseId)).clocks.filter(
      ({ duty, state }) => duty === "party" && state === "running",
    );
    expect(windows.map(({ kind }) => kind).sort()).toEqual(["hearing_request", "statement"]);
    const lastDay = windows.map(({ legalDue }) => legalDue ?? "").sort()[0] ?? "";
    await jobOf(lastDay);
    expect(await actionsOf(caseId)).not.toContain("clock_lapsed");

    await jobOf("2026-02-28");
    const { pool } = worker.context;
    const lapses = (await readTimeline(pool, "case", caseId)).filter(
      ({ action }) => action === "clock_lapsed",
    );
    expect(lapses.map(({ detail }) => detail.clock).sort()).toEqual(["hearing_request", "statement"]);
    expect(lapses.map(({ why }) => why).sort()).toEqual(["听证申请期限届满", "陈述申辩期限届满"]);
    const before = [await readCaseRecord(pool, { scope: "every" }, caseId), await actionsOf(caseId)];
    await jobOf("2026-02-28");
    await Promise.all([jobOf("2026-03-01"), jobOf("2026-03-01")]);
    expect([await readCaseRecord(pool, { scope: "every" }, caseId), await actionsOf(caseId)]).toEqual(before);
  });

  it("run on in other cases where those of one cannot be fired, and in that one once it can", async () => {
    const { pool } = worker.context;
    // They are gone through in order of their ids: the broken one comes first.
    const [broken = "", whole = ""] = [await performingCase(), await performingCase()].sort();
    const file = await driver.file(broken);
    const write = (value: object) =>
      pool.query("update cases set file = $2 where id = $1", [broken, JSON.stringify(value)]);
    await write({ ...file, services: null });
    await expect(jobOf("2026-03-26")).rejects.toThrow("1 cases could not be");
    expect(await stateOf(whole)).toBe("overdue");
    expect(worker.log.filter((line) => line.includes("could not be fired")).join()).toContain(broken);
    await write(file);
    await jobOf("2026-03-26");
    expect(await stateOf(broken)).toBe("overdue");
    expect((await actionsOf(whole)).filter((action) => action === "mark_overdue")).toHaveLength(1);
  });

  it("are queued again after Redis was lost, and nothing that fell due is forgotten", async () => {
    const { context } = worker;
    const caseId = await performingCase();
    const queue = context.producer.queue("clocks");
    const queued = async () => (await queue.getJobs()).map(({ id }) => id);
    await rearm(context, ["clock"], "start");
    const today = [expect.stringMatching(/^clocks-\d{4}-\d\d-\d\d$/)];
    expect(await queued()).toEqual(today);
    await worker.loseRedis();
    expect(await queued()).toEqual([]);
    expect(await stateOf(caseId)).toBe("performing");
    await rearm(context, ["clock"], "again");
    await rearm(context, ["clock"], "again");
    expect(await queued()).toEqual(today);
    startRole(context, "clock", worker.lifecycle);
    await expect.poll(() => stateOf(caseId), patience).toBe("overdue");
  });
});
