import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withTx } from "../../store/pool.ts";
import { type CasePeople, casePeople, preparedCase } from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

describe("two people at one case", () => {
  let api: TestApi;
  let people: CasePeople;
  beforeAll(async () => {
    api = await startTestApi({ lockTimeoutMs: 300 });
    people = await casePeople(api);
  });
  afterAll(() => api.close());

  it("asks whoever comes second to come again, and then does what they ask", async () => {
    const path = await preparedCase(api, people);
    const submit = () =>
      people.officer.post(
        `${path}/steps`,
        { step: "submit_filing", summary: "建议立案" },
        { headers: { "idempotency-key": "submitted-once" } },
      );
    await withTx(api.pool, async (tx) => {
      await tx.query("select 1 from cases where cases.id = $1 for update", [path.split("/").at(-1)]);
      const { status, headers, body } = await submit();
      expect([status, body.code, headers.get("retry-after")]).toEqual([503, "store.busy", "3"]);
      expect(body).toMatchObject({ titleZh: expect.stringContaining("稍后再试") });
    });
    expect(await submit()).toMatchObject({ status: 200, body: { state: "filing_pending" } });
  });
});
