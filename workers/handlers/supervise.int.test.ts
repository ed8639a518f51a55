import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCaseFromClue } from "../../store/case-store.ts";
import { withTx } from "../../store/pool.ts";
import { listSupervisionItems } from "../../store/supervision-read-model.ts";
import { makeAgency, makeCertified } from "../../test-fixtures/casework-builders.ts";
import { county, testDay, userAct } from "../../test-fixtures/store-builders.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { superviseAll } from "./supervise.ts";

describe("looking at every case", () => {
  let worker: TestWorker;
  const caseIds: string[] = [];
  beforeAll(async () => {
    worker = await startTestWorker();
    const { pool, casework } = worker.context;
    await makeAgency(pool);
    const officer = await makeCertified(pool, ["officer"]);
    for (let index = 0; index < 3; index += 1) {
      const clue = {
        source: "patrol",
        ...{ region: county, violation: "street_vending", note: "占道经营" },
        ...{ startedAt: testDay - 7_200_000, endedAt: testDay - 3_600_000, place: "人民南路二段" },
      } as const;
      const { caseId } = await withTx(pool, (tx) => openCaseFromClue(tx, userAct(officer), casework, clue));
      caseIds.push(caseId);
    }
  });
  afterAll(() => worker.close());

  const at = (now: string) => ({ ...worker.context, clock: { now: () => Date.parse(now) } });
  const raised = async () => {
    const query = {
      scope: "every",
      state: null,
      checkCode: null,
      caseId: null,
      limit: 50,
      cursor: null,
    } as const;
    const { items } = await listSupervisionItems(worker.context.pool, query);
    return items.map(({ caseId, checkCode }) => [caseId, checkCode]).sort();
  };

  it("raises what days alone make wrong, once, in every case", async () => {
    await superviseAll(at("2026-03-25T02:00:00Z"));
    expect(await raised()).toEqual([]);
    await superviseAll(at("2026-03-26T02:00:00Z"));
    await superviseAll(at("2026-03-27T02:00:00Z"));
    expect(await raised()).toEqual(caseIds.map((caseId) => [caseId, "SP12"]).sort());
  });

  it("goes on after a case that cannot be checked, and says that one failed", async () => {
    const { pool } = worker.context;
    const [broken = ""] = caseIds;
    // As before the checks ran: what was found before is not found again.
    await pool.query(
      "set session_replication_role = replica; delete from supervision_items; reset session_replication_role",
    );
    await pool.query(`update cases set file = jsonb_set(file, '{orders}', 'null') where id = $1`, [broken]);
    await expect(superviseAll(at("2026-03-26T02:00:00Z"))).rejects.toThrow("1 cases");
    expect(await raised()).toEqual(
      caseIds
        .slice(1)
        .map((caseId) => [caseId, "SP12"])
        .sort(),
    );
  });
});
