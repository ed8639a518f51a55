import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { openSiteKey } from "../../pipeline/evidence/key-folder.ts";
import { logEntrySchema } from "../../pipeline/evidence/log/entry.ts";
import { makeInput, tempDir } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { ensureVerifier } from "../../scripts/lib/verifier.mjs";
import { checkpointRound } from "../../store/checkpoint-round.ts";
import { appendLogEntry } from "../../store/evidence-log-store.ts";
import { withTx } from "../../store/pool.ts";
import type { ApiClient, Reply } from "../../test-fixtures/api-client.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { decideDeletionOf } from "../testing/decided-deletion.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { sealedIncident, waitingIncident } from "../testing/test-incidents.ts";

const HOUR = 3_600_000;
const forParty = { include: "masked", why: "inform_party" };
const forCourt = { include: "all", why: "review_or_court" };

describe("the export of an incident", () => {
  let api: TestApi;
  let lawyer: ApiClient & { userId: string };
  let privacy: ApiClient & { userId: string };
  beforeAll(async () => {
    await ensureVerifier();
    api = await startTestApi();
    lawyer = await api.signedIn(["legal_reviewer"]);
    privacy = await api.signedIn(["privacy_officer"]);
  });
  afterAll(() => api.close());

  const ask = (incidentId: string, body: object, client: ApiClient = lawyer) =>
    client.post(`/incidents/${incidentId}/export`, body);

  async function grant(incidentId: string, purpose = "review_or_court"): Promise<string> {
    const request = { purpose, reason: "法院调取原件", hours: 1 };
    const { grantId } = (await lawyer.post(`/incidents/${incidentId}/access-requests`, request)).body;
    expect((await privacy.post(`/access-requests/${grantId}/approve`)).status).toBe(200);
    return grantId;
  }

  async function opened(reply: Reply) {
    const path = join(await tempDir(), "out.zip");
    await writeFile(path, reply.bytes);
    const names = Object.keys(unzipSync(reply.bytes)).map((name) => name.split("/").slice(1).join("/"));
    return { names, result: await verifyBundle(path, { allowExport: true }) };
  }

  async function exportsOf(incidentId: string) {
    const { rows } = await api.pool.query<{ entry: Buffer }>(
      `select entry from evidence_log order by "index"`,
    );
    return rows
      .map(({ entry }) => logEntrySchema.parse(JSON.parse(entry.toString("utf8"))))
      .filter(({ kind, detail }) => kind === "exported" && detail.incidentId === incidentId);
  }

  it("hands out masked copies that verify, and says in the log who took them for what", async () => {
    const { incidentId, candidateId } = await sealedIncident(api);
    const reply = await ask(incidentId, forParty);
    expect([reply.status, reply.headers.get("content-type"), reply.headers.get("cache-control")]).toEqual([
      200,
      "application/zip",
      "private, no-store",
    ]);
    expect(reply.headers.get("content-disposition")).toMatch(/^attachment; filename="cnd_\w+-masked\.zip"$/);
    const { names, result } = await opened(reply);
    expect(result).toMatchObject({ ok: true, problems: [] });
    expect(names.filter((name) => name.startsWith("originals/"))).toEqual([]);
    expect(names).not.toContain("log-proof.json");
    expect(await exportsOf(incidentId)).toMatchObject([
      {
        actor: { kind: "user", id: lawyer.userId },
        bundleId: candidateId,
        manifestSha256: result.facts?.manifestSha256,
        why: "inform_party",
        detail: { incidentId, include: "masked", grantId: null },
      },
    ]);
    const { timeline } = (await lawyer.get(`/incidents/${incidentId}`)).body;
    expect(timeline.at(-1)).toMatchObject({ action: "export", why: "告知或送达当事人" });
  });

  it("hands out originals in plain by a running grant for the same purpose, and to nobody else", async () => {
    const { incidentId } = await sealedIncident(api);
    expect((await ask(incidentId, forCourt)).body.code).toBe("evidence.export_grant_required");
    const grantId = await grant(incidentId);
    expect((await ask(incidentId, { ...forCourt, why: "supervision" })).body.code).toBe(
      "evidence.export_grant_required",
    );
    const colleague = await api.signedIn(["legal_reviewer"]);
    expect((await ask(incidentId, forCourt, colleague)).status).toBe(409);
    expect(await exportsOf(incidentId)).toEqual([]);
    const reply = await ask(incidentId, forCourt);
    expect(reply.status).toBe(200);
    const { names, result } = await opened(reply);
    expect(result).toMatchObject({ ok: true, withheld: null });
    expect(names).toContain("originals/clip.mp4");
    expect(await exportsOf(incidentId)).toMatchObject([
      { why: "review_or_court", detail: { include: "all", grantId } },
    ]);
    api.clock.at += HOUR;
    expect((await ask(incidentId, forCourt)).status).toBe(409);
  });

  it("does not let a review claim take originals away", async () => {
    const { incidentId } = await sealedIncident(api);
    const reviewer = await api.signedIn(["content_reviewer"]);
    await reviewer.post(`/incidents/${incidentId}/claim`);
    expect((await ask(incidentId, forCourt, reviewer)).body.code).toBe("evidence.export_grant_required");
    expect((await ask(incidentId, forParty, reviewer)).status).toBe(200);
  });

  it("brings the site's keys and, once there is a checkpoint, the proof from the log", async () => {
    // The log knows a bundle by its own name, so this one is stored under it.
    const { dir, manifest, manifestSha256 } = await writeBundle(await makeInput());
    const { bundleId } = manifest;
    await api.context.objects.takeIn(bundleId, dir);
    const stored = { candidateId: bundleId, bundlePath: bundleId, manifestSha256, evidence: [] };
    const incidentId = await waitingIncident(api, stored);
    const siteKey = await openSiteKey(join(api.context.config.dataDir, "keys"), { algorithm: "Ed25519" });
    await withTx(api.pool, (tx) =>
      appendLogEntry(tx, systemAct(), {
        ...{ kind: "collected", bundleId, manifestSha256, why: null },
      }),
    );
    await checkpointRound(api.pool, { siteKey, now: api.clock.at, minAgeMs: 0, stamp: undefined });
    const { names, result } = await opened(await ask(incidentId, forParty));
    expect(result).toMatchObject({ ok: true, bundleId });
    expect(names).toEqual(expect.arrayContaining(["log-proof.json", "site-keys.pem"]));
  });

  it.each([
    ["no purpose", { include: "masked" }],
    ["a purpose in free text", { include: "masked", why: "王先生要" }],
    ["neither masked nor all", { include: "some", why: "inform_party" }],
  ])("is refused for %s", async (_, body) => {
    const { incidentId } = await sealedIncident(api);
    expect((await ask(incidentId, body)).status).toBe(400);
    expect(await exportsOf(incidentId)).toEqual([]);
  });

  it("stays inside the region, takes the token, and is not for those who may not read incidents", async () => {
    const { incidentId } = await sealedIncident(api);
    const elsewhere = await api.signedIn(["legal_reviewer"], ["510108"]);
    expect((await ask(incidentId, forParty, elsewhere)).status).toBe(404);
    expect((await ask(incidentId, forParty, privacy)).status).toBe(403);
    expect((await ask(incidentId, forParty, api.client())).status).toBe(403);
    expect((await lawyer.get(`/incidents/${incidentId}/export`)).status).toBe(404);
  });

  it("hands out nothing of evidence whose deletion is decided", async () => {
    const { incidentId, candidateId } = await sealedIncident(api);
    await decideDeletionOf(api, incidentId);
    expect(await ask(incidentId, forParty)).toMatchObject({
      status: 410,
      body: { code: "evidence.deleted" },
    });
    expect(await exportsOf(incidentId)).toEqual([]);
    expect(await api.context.objects.sizeOf(candidateId, "manifest.json")).toBeGreaterThan(0);
  });

  it("hands out nothing when what is stored is another bundle than the one on record", async () => {
    const { incidentId } = await sealedIncident(api);
    await api.pool.query("update incidents set manifest_sha256 = $2 where id = $1", [
      incidentId,
      "d".repeat(64),
    ]);
    expect((await ask(incidentId, forParty)).status).toBe(500);
    expect(api.log.join("")).toContain("is not the bundle that was recorded");
    expect(await exportsOf(incidentId)).toEqual([]);
  });

  it("leaves nothing of it on the disk or in memory", async () => {
    const places = [tmpdir(), api.context.config.memoryDir];
    const left = async () =>
      (await Promise.all(places.map((place) => readdir(place).catch(() => []))))
        .flat()
        .filter((name) => name.startsWith("forewarn-export-"));
    const before = await left();
    const { incidentId } = await sealedIncident(api);
    await grant(incidentId);
    for (const body of [forParty, forCourt]) expect((await ask(incidentId, body)).status).toBe(200);
    expect(await left()).toEqual(before);
  });
});
