import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoleId } from "../../casework/roles.ts";
import { loadCameraFile } from "../../config/camera-file.ts";
import { newId } from "../../runtime/ids.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";
import type { Act } from "../../store/act.ts";
import { putCamera } from "../../store/camera-store.ts";
import { hashPassword } from "../../store/passwords.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { addUser } from "../../store/user-store.ts";
import { ApiClient } from "../../test-fixtures/api-client.ts";
import { certify, makeAgency } from "../../test-fixtures/casework-builders.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";

const REGION = "510107";
const PATIENCE = { timeout: 120_000, interval: 200 };
const PEOPLE: [login: string, roles: RoleId[]][] = [
  ["reviewer", ["content_reviewer", "officer"]],
  ["colleague", ["officer"]],
  ["head", ["unit_head"]],
  ["leader", ["agency_leader"]],
];

let pool: Pool;
let dataDir: string;
let env: Record<string, string>;
let api: TestProgram;
let base: string;
const cleanups: (() => Promise<unknown>)[] = [];
const act = (): Act => ({ actor: { kind: "system", name: "test" }, scope: "every", at: Date.now(), newId });

beforeAll(async () => {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  pool = createPool(database.url);
  cleanups.push(() => pool.end());
  const redis = testRedis();
  dataDir = await mkdtemp(join(tmpdir(), "forewarn-e2e-"));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  env = {
    FOREWARN_DATABASE_URL: database.url,
    FOREWARN_REDIS_URL: redis.url,
    FOREWARN_QUEUE_PREFIX: redis.prefix,
    FOREWARN_DATA_DIR: dataDir,
    // Converted once per checkout, not once per test run.
    FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models"),
    FOREWARN_PORT: "0",
    FOREWARN_JOB_LOCK_MS: "3000",
    FOREWARN_LOG_LEVEL: "warn",
  };
  for (const [login, roles] of PEOPLE) {
    const passwordHash = await hashPassword("one-time-password");
    const { userId } = await withTx(pool, (tx) =>
      addUser(tx, act(), {
        login,
        displayName: login,
        passwordHash,
        mustChangePassword: true,
        roles,
        regions: [REGION],
      }),
    );
    await certify(pool, userId, roles);
  }
  await makeAgency(pool);
  const camera = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
  const source = { url: await sampleFootage(), transport: "tcp", pace: "fast", loop: false } as const;
  // A clip of eighty seconds with two vehicles that stand all the time: two candidates, early.
  const rules = camera.rules.map((rule) => ({ ...rule, dwellSeconds: 10 }));
  await withTx(pool, (tx) =>
    putCamera(tx, act(), {
      camera: { ...camera, source, rules, analysis: { ...camera.analysis, fps: 1 } },
      enabled: true,
    }),
  );
  api = await startTestProgram("api", env);
  cleanups.push(() => api.stop());
  base = `http://127.0.0.1:${(api.ready as { port: number }).port}`;
});

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function countIncidents(): Promise<{ all: number; candidates: number; pending: number }> {
  const { rows } = await pool.query(
    `select count(*)::integer as all, count(distinct candidate_id)::integer as candidates,
       count(*) filter (where state = 'review_pending')::integer as pending from incidents`,
  );
  return rows[0];
}

const spooled = async () => (await readdir(join(dataDir, "spool"))).filter((name) => name.startsWith("cnd_"));

describe("from a clip to a decision", () => {
  it("records each candidate once, though the evidence worker is killed at it again and again", async () => {
    const watcher = await startTestProgram("workers", env, ["--roles", "camera"]);
    cleanups.push(() => watcher.stop());
    await expect
      .poll(async () => (existsSync(join(dataDir, "spool")) ? (await spooled()).length : 0), PATIENCE)
      .toBe(2);
    // At the very start, while it verifies, while it records: wherever the kill falls, nothing may be lost or doubled.
    for (const steps of [0, 1, 2, 3]) {
      const victim = await startTestProgram("workers", env, ["--roles", "evidence"]);
      for (let step = 0; step < steps; step++) await countIncidents();
      await victim.kill();
    }
    const survivor = await startTestProgram("workers", env, ["--roles", "evidence,notice"]);
    cleanups.push(() => survivor.stop());
    await expect.poll(countIncidents, PATIENCE).toEqual({ all: 2, candidates: 2, pending: 2 });
    await expect.poll(spooled, PATIENCE).toEqual([]);
  });

  it("goes from the queue to a warning that the citizen opens", async () => {
    const reviewer = new ApiClient(base);
    expect((await reviewer.signIn("reviewer", "one-time-password")).body.user.login).toBe("reviewer");
    const id = (await reviewer.get("/incidents")).body.items[0].incidentId;
    const unclaimed = await reviewer.post(`/incidents/${id}/confirm`, { tests: allYes });
    expect([unclaimed.status, unclaimed.body.code]).toEqual([409, "incident.not_claimed_by_you"]);
    await reviewer.post(`/incidents/${id}/claim`);
    const threeTests = await reviewer.post(`/incidents/${id}/confirm`, {
      tests: { ...allYes, clear: undefined },
    });
    expect([threeTests.status, threeTests.body.code]).toEqual([409, "review.four_tests_required"]);
    expect((await reviewer.post(`/incidents/${id}/confirm`, { tests: allYes })).body.state).toBe("confirmed");
    const warned = await reviewer.post(`/incidents/${id}/warning`);
    expect(warned.status).toBe(201);
    const again = await reviewer.post(`/incidents/${id}/warning`);
    expect([again.status, again.body.code]).toEqual([409, "incident.illegal_move"]);

    const token = warned.body.link.split("/w/")[1];
    const letter = await fetch(`${base}/w/${token}`);
    const html = await letter.text();
    expect(letter.status).toBe(200);
    expect(html).toContain("温馨提示");
    const picture = /src="(\/w\/[^"]+\/masked\/[^"]+)"/.exec(html)?.[1];
    expect((await fetch(base + picture)).headers.get("content-type")).toBe("image/jpeg");
    expect((await fetch(base + picture?.replace("/masked/", "/originals/"))).status).toBe(404);
    expect((await fetch(`${base}/w/${"x".repeat(43)}`)).status).toBe(404);
    const [warning] = (await reviewer.get(`/incidents/${id}`)).body.warnings;
    expect(warning).toMatchObject({ level: 0, state: "opened" });
  });

  it("files a case only through every level of approval", async () => {
    const people = Object.fromEntries(PEOPLE.map(([login]) => [login, new ApiClient(base)]));
    const { reviewer, colleague, head, leader } = people as Record<string, ApiClient>;
    if (!reviewer || !colleague || !head || !leader) throw new Error("somebody is missing");
    await reviewer.signIn("reviewer", "a-password-of-my-own");
    const other = (await colleague.signIn("colleague", "one-time-password")).body.user.userId;
    await head.signIn("head", "one-time-password");
    await leader.signIn("leader", "one-time-password");
    const me = (await reviewer.get("/session")).body.user.userId;

    const id = (await reviewer.get("/incidents")).body.items[0].incidentId;
    await reviewer.post(`/incidents/${id}/claim`);
    await reviewer.post(`/incidents/${id}/confirm`, { tests: allYes });
    const opened = await reviewer.post(`/incidents/${id}/case`, { ground: "harm", note: "妨碍轮椅通行" });
    expect(opened.status).toBe(201);
    const path = `/cases/${opened.body.caseId}`;
    const take = (client: ApiClient, step: string, more: object = {}) =>
      client.post(`${path}/steps`, { step, ...more });
    const submit = () => take(reviewer, "submit_filing", { summary: "建议立案" });
    expect(await submit()).toMatchObject({ status: 409, body: { code: "duty.two_officers_required" } });
    expect((await take(reviewer, "assign_officers", { officers: [me, other] })).status).toBe(200);
    // What a camera saw that nobody has reviewed is a lead: without an officer's own record there is no case.
    expect(await submit()).toMatchObject({
      status: 409,
      body: { code: "filing.initial_evidence_required" },
    });
    const inspected = await take(reviewer, "record_inspection", {
      ...{ place: "人民南路二段", text: "该车停在人行道上。", partyPresent: false, signed: "absent" },
    });
    expect(inspected.status).toBe(200);
    expect((await submit()).body.state).toBe("filing_pending");
    const early = await take(leader, "approve_filing");
    expect([early.status, early.body.code]).toEqual([409, "approval.not_endorsed"]);
    const own = await take(reviewer, "approve_filing");
    expect([own.status, own.body.code]).toEqual([409, "permission.role_required"]);
    await take(head, "endorse_filing");
    expect((await take(leader, "approve_filing")).body).toMatchObject({ state: "filed" });
    const filed = (await leader.get(path)).body;
    expect(filed).toMatchObject({ state: "filed", caseNo: expect.stringMatching(/^51010701-\d{4}-/) });
    expect(filed.timeline.map((entry: { action: string }) => entry.action)).toEqual([
      "open",
      "assign_officers",
      "record_inspection",
      "submit_filing",
      "endorse_filing",
      "approve_filing",
    ]);
    const { items } = (await leader.get(`${path}/documents`)).body;
    const notice = items.find(({ code }: { code: string }) => code === "N02");
    const pdf = await leader.get(`/documents/${notice.docId}/file`);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe("%PDF-");
  });
});

const yes = { answer: "yes" };
const allYes = { true: yes, clear: yes, complete: yes, accurate: yes };
