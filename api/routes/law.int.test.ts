import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it("says by name who confirmed a parameter, and of the others nobody", async () => {
  const lawyer = await api.signedIn(["legal_reviewer"]);
  const setting = { value: 500_000, source: "川办发〔2025〕1号", validFrom: "2026-01-01" };
  const confirmed = await lawyer.post("/parameters/hearing.threshold.person/settings", setting);
  expect(confirmed.status).toBe(201);
  const { items } = (await lawyer.get("/parameters")).body;
  const named = items.filter((item: { confirmedByName: string | null }) => item.confirmedByName !== null);
  expect(named).toMatchObject([
    {
      key: "hearing.threshold.person",
      confirmedBy: lawyer.userId,
      confirmedByName: expect.stringContaining("legal_reviewer"),
    },
  ]);
});
