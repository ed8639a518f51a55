import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logEntrySchema } from "../../pipeline/evidence/log/entry.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { sealedIncident } from "../testing/test-incidents.ts";

interface File {
  readonly path: string;
  readonly url: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly masked: boolean;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const MINUTE = 60_000;

describe("files of an incident", () => {
  let api: TestApi;
  let reviewer: ApiClient & { userId: string };
  let privacy: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    reviewer = await api.signedIn(["content_reviewer"]);
    privacy = await api.signedIn(["privacy_officer"]);
  });
  afterAll(() => api.close());

  /** A sealed incident that the reviewer has claimed: they may see its originals. */
  async function claimedIncident(): Promise<{ incidentId: string; candidateId: string }> {
    const sealed = await sealedIncident(api);
    expect((await reviewer.post(`/incidents/${sealed.incidentId}/claim`)).status).toBe(200);
    return sealed;
  }

  /** Somebody asks, the privacy officer approves. Returns the grant's id. */
  async function grantTo(client: ApiClient, incidentId: string, ask: object = {}): Promise<string> {
    const asked = await client.post(`/incidents/${incidentId}/access-requests`, {
      purpose: "legal_review",
      reason: "核对车辆与标线的位置关系",
      ...ask,
    });
    expect([asked.status, asked.body.state]).toEqual([201, "pending"]);
    const { grantId } = asked.body;
    expect((await privacy.post(`/access-requests/${grantId}/approve`)).body.state).toBe("approved");
    return grantId;
  }

  /** What the evidence log says was seen. */
  async function logged(incidentId: string) {
    const { rows } = await api.pool.query<{ entry: Buffer }>(
      `select entry from evidence_log order by "index"`,
    );
    return rows
      .map(({ entry }) => logEntrySchema.parse(JSON.parse(Buffer.from(entry).toString("utf8"))))
      .filter(({ kind, detail }) => kind === "viewed_unmasked" && detail.incidentId === incidentId);
  }

  /** The route's address below /api/v1, as the incident itself gives it. */
  const pathOf = (file: File) => file.url.slice("/api/v1".length);

  async function filesOf(incidentId: string): Promise<{ clip: File; originals: File[]; masked: File[] }> {
    const files: File[] = (await reviewer.get(`/incidents/${incidentId}`)).body.files;
    const clip = files.find(({ mediaType }) => mediaType.startsWith("video/"));
    if (clip === undefined) throw new Error("the bundle has no clip");
    return {
      clip,
      originals: files.filter(({ masked }) => !masked),
      masked: files.filter(({ masked }) => masked),
    };
  }

  async function views(incidentId: string): Promise<{ actorId: string; path: string }[]> {
    const { rows } = await api.pool.query(
      `select actor_id as "actorId", detail ->> 'path' as path from timeline_entries
       where subject_id = $1 and action = 'view_original' order by seq`,
      [incidentId],
    );
    return rows;
  }

  it("are served whole, byte for byte as they were sealed", async () => {
    const { incidentId } = await claimedIncident();
    const { originals, masked } = await filesOf(incidentId);
    expect([originals.length, masked.length]).toEqual([7, 6]);
    for (const file of [...originals, ...masked]) {
      const reply = await reviewer.get(pathOf(file));
      expect([reply.status, reply.headers.get("content-type"), sha256(reply.bytes)]).toEqual([
        200,
        file.mediaType,
        file.sha256,
      ]);
      expect(reply.headers.get("cache-control")).toBe("private, no-store");
      expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("honours the ranges a player asks for", async () => {
    const { clip } = await filesOf((await claimedIncident()).incidentId);
    const ask = (range: string) => reviewer.get(pathOf(clip), { headers: { range } });
    const whole = (await reviewer.get(pathOf(clip))).bytes;
    for (const [range, start, end] of [
      ["bytes=0-", 0, 4095],
      ["bytes=0-99", 0, 99],
      ["bytes=100-199", 100, 199],
      ["bytes=4000-9999", 4000, 4095],
      ["bytes=-96", 4000, 4095],
    ] as const) {
      const reply = await ask(range);
      expect([range, reply.status, reply.headers.get("content-range")]).toEqual([
        range,
        206,
        `bytes ${start}-${end}/4096`,
      ]);
      expect(reply.bytes.equals(whole.subarray(start, end + 1))).toBe(true);
      expect(reply.headers.get("content-length")).toBe(String(end + 1 - start));
    }
    for (const range of ["bytes=4096-", "bytes=9999-10000"])
      expect(await ask(range)).toMatchObject({ status: 416, bytes: Buffer.alloc(0) });
    expect((await ask("bytes=4096-")).headers.get("content-range")).toBe("bytes */4096");
    // Several parts at once, or no range at all: the whole file is an answer to both.
    for (const range of ["bytes=0-9,20-29", "pages=1-2", "bytes=abc"])
      expect(await ask(range)).toMatchObject({ status: 200, bytes: whole });
  });

  it("survives a player that hangs up in the middle", async () => {
    const { clip } = await filesOf((await claimedIncident()).incidentId);
    const { hostname, port } = new URL(api.origin);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET ${clip.url} HTTP/1.1\r\nhost: x\r\ncookie: ${reviewer.cookie}\r\n\r\n`);
      });
      socket.once("data", () => socket.destroy());
      socket.once("close", () => resolve());
      socket.once("error", reject);
    });
    expect((await reviewer.get(pathOf(clip))).status).toBe(200);
    expect(api.log.join("")).not.toContain("request failed");
  });

  it("shows a masked picture of the trigger as thumbnail, to everybody who may read the incident", async () => {
    const { incidentId } = await sealedIncident(api);
    const { masked } = await filesOf(incidentId);
    const unitHead = await api.signedIn(["unit_head"]);
    const { status, bytes } = await unitHead.get(`/incidents/${incidentId}/thumbnail`);
    expect(status).toBe(200);
    expect((await sharp(bytes).metadata()).format).toBe("jpeg");
    expect(masked.find((file) => file.sha256 === sha256(bytes))?.path).toBe("masked/still-3-trigger.jpg");
    expect(await views(incidentId)).toEqual([]);
  });

  it("opens originals to nobody without a running claim or a grant; others get masked copies", async () => {
    const { incidentId } = await sealedIncident(api);
    const { originals, masked } = await filesOf(incidentId);
    const [original, copy] = [originals[0], masked[0]];
    if (!original || !copy) throw new Error("the bundle lacks pictures");
    for (const role of [
      "content_reviewer",
      "officer",
      "unit_head",
      "agency_leader",
      "city_supervisor",
    ] as const) {
      const client = await api.signedIn([role]);
      expect(await client.get(pathOf(original))).toMatchObject({
        status: 403,
        body: { code: "auth.forbidden" },
      });
      expect((await client.get(pathOf(copy))).status).toBe(200);
    }
    const elsewhere = await api.signedIn(["content_reviewer", "officer"], ["510108"]);
    for (const path of [pathOf(copy), pathOf(original), `/incidents/${incidentId}/thumbnail`])
      expect((await elsewhere.get(path)).status).toBe(404);
    expect(await views(incidentId)).toEqual([]);
    expect(await logged(incidentId)).toEqual([]);
  });

  it("opens originals to the reviewer while their claim runs, and writes it into the evidence log", async () => {
    const { incidentId, candidateId } = await claimedIncident();
    const [original] = (await filesOf(incidentId)).originals;
    if (!original) throw new Error("the bundle lacks pictures");
    const other = await api.signedIn(["content_reviewer"]);
    expect((await other.get(pathOf(original))).status).toBe(403);
    expect((await reviewer.get(pathOf(original))).status).toBe(200);
    expect(await views(incidentId)).toEqual([{ actorId: reviewer.userId, path: original.path }]);
    expect(await logged(incidentId)).toMatchObject([
      {
        bundleId: candidateId,
        why: "review",
        actor: { kind: "user", id: reviewer.userId },
        detail: { file: original.path, sha256: original.sha256, ground: "review_claim", grantId: null },
      },
    ]);
    api.clock.at += 15 * MINUTE;
    expect((await reviewer.get(pathOf(original))).status).toBe(403);
    expect(await logged(incidentId)).toHaveLength(1);
  });

  it("opens no original to an officer's claim: who cannot review asks for a grant", async () => {
    const { incidentId } = await sealedIncident(api);
    const officer = await api.signedIn(["officer"]);
    expect((await officer.post(`/incidents/${incidentId}/claim`)).status).toBe(200);
    const [original] = (await filesOf(incidentId)).originals;
    if (!original) throw new Error("the bundle lacks pictures");
    expect((await officer.get(pathOf(original))).status).toBe(403);
    expect((await officer.get(`/incidents/${incidentId}/access`)).body).toMatchObject({
      ground: null,
      mayRequest: true,
    });
    await grantTo(officer, incidentId);
    expect((await officer.get(pathOf(original))).status).toBe(200);
    expect((await logged(incidentId)).map(({ detail }) => detail.ground)).toEqual(["grant"]);
  });

  it("opens originals by a grant for its time, its person and its incident", async () => {
    const { incidentId } = await sealedIncident(api);
    const { incidentId: elsewhere } = await sealedIncident(api);
    const [original] = (await filesOf(incidentId)).originals;
    const [foreign] = (await filesOf(elsewhere)).originals;
    if (!original || !foreign) throw new Error("the bundle lacks pictures");
    const lawyer = await api.signedIn(["legal_reviewer"]);
    const grantId = await grantTo(lawyer, incidentId, { hours: 2 });
    expect((await lawyer.get(pathOf(original))).bytes.length).toBe(original.sizeBytes);
    expect((await lawyer.get(pathOf(foreign))).status).toBe(403);
    expect((await (await api.signedIn(["legal_reviewer"])).get(pathOf(original))).status).toBe(403);
    expect((await logged(incidentId)).map(({ why, detail }) => [why, detail.ground, detail.grantId])).toEqual(
      [["legal_review", "grant", grantId]],
    );
    api.clock.at += 120 * MINUTE;
    expect((await lawyer.get(pathOf(original))).status).toBe(403);
  });

  it("closes originals the moment a grant is revoked", async () => {
    const { incidentId } = await sealedIncident(api);
    const [original] = (await filesOf(incidentId)).originals;
    if (!original) throw new Error("the bundle lacks pictures");
    const lawyer = await api.signedIn(["legal_reviewer"]);
    const grantId = await grantTo(lawyer, incidentId);
    expect((await lawyer.get(pathOf(original))).status).toBe(200);
    await privacy.post(`/access-requests/${grantId}/revoke`, { note: "审核已结束" });
    expect((await lawyer.get(pathOf(original))).status).toBe(403);
  });

  it("writes down one look once, however many requests it is made of", async () => {
    const { incidentId } = await claimedIncident();
    const { clip, originals } = await filesOf(incidentId);
    const still = originals.find(({ path }) => path.startsWith("originals/still-1"));
    if (still === undefined) throw new Error("the bundle lacks its first picture");
    const look = (headers = {}) => reviewer.get(pathOf(clip), { headers });
    await Promise.all(Array.from({ length: 6 }, () => look()));
    for (const range of ["bytes=0-99", "bytes=100-199"]) await look({ range });
    await reviewer.get(pathOf(still));
    const mine = (path: string) => ({ actorId: reviewer.userId, path });
    expect(await views(incidentId)).toEqual([mine(clip.path), mine(still.path)]);
    expect((await logged(incidentId)).map(({ detail }) => detail.file)).toEqual([clip.path, still.path]);
    api.clock.at += 5 * MINUTE;
    await look();
    expect(await views(incidentId)).toHaveLength(3);
    expect(await logged(incidentId)).toHaveLength(3);
  });

  it("writes a look down again after the clock was set back", async () => {
    const { incidentId } = await claimedIncident();
    const { clip } = await filesOf(incidentId);
    await reviewer.get(pathOf(clip));
    api.clock.at -= 10 * MINUTE;
    for (const _ of [1, 2]) await reviewer.get(pathOf(clip));
    expect(await views(incidentId)).toHaveLength(2);
    expect(await logged(incidentId)).toHaveLength(2);
  });

  it("serves nothing any more once the deletion of the evidence was decided", async () => {
    const { incidentId } = await claimedIncident();
    const { masked, originals } = await filesOf(incidentId);
    const [copy, original] = [masked[0], originals[0]];
    if (!copy || !original) throw new Error("the bundle lacks pictures");
    await api.pool.query(
      `insert into evidence_tombstones (incident_id, bundle_path, camera_id, region, manifest_sha256, rule,
         kept_through, decided_by, decided_at)
       select id, bundle_path, camera_id, region, manifest_sha256, 'rejected', '2026-04-09', 'test', now()
       from incidents where id = $1`,
      [incidentId],
    );
    for (const path of [pathOf(copy), pathOf(original), `/incidents/${incidentId}/thumbnail`]) {
      const { status, body } = await reviewer.get(path);
      expect([path, status, body.code]).toEqual([path, 410, "evidence.deleted"]);
    }
    expect(await logged(incidentId)).toEqual([]);
  });

  it.each(["bytes=1-", "bytes=-4095", "bytes=0-0,1-4095", "bytes= 0-", "nonsense"])(
    "writes a look down whatever part is asked for: %s",
    async (range) => {
      const { incidentId } = await claimedIncident();
      const { clip } = await filesOf(incidentId);
      await reviewer.get(pathOf(clip), { headers: { range } });
      expect(await views(incidentId)).toHaveLength(1);
    },
  );

  it("knows nothing but the bundle's own files", async () => {
    const { incidentId } = await sealedIncident(api);
    const { incidentId: other } = await sealedIncident(api);
    const [first] = (await filesOf(other)).masked;
    expect(first).toBeDefined();
    for (const path of [
      "masked/no-such.jpg",
      "masked/..%2Foriginals%2Fstill-1-first.jpg",
      "masked/..%2F..%2F..%2Fkeys%2Fsession.secret",
      "originals/..%2Fmanifest.json",
      "originals/%2Fetc%2Fpasswd",
    ])
      expect(await reviewer.get(`/incidents/${incidentId}/files/${path}`)).toMatchObject({
        status: 404,
        body: { code: "store.not_found" },
      });
    for (const path of ["sealed/manifest.json", "manifest.json", "..%2Fmasked/still-1-first.jpg"])
      expect([400, 404]).toContain((await reviewer.get(`/incidents/${incidentId}/files/${path}`)).status);
    expect(await views(incidentId)).toEqual([]);
  });

  it("says that a file is gone when the store has lost it, and writes down no look at it", async () => {
    const { incidentId, candidateId } = await claimedIncident();
    const { masked, originals } = await filesOf(incidentId);
    const [copy, original] = [masked[0], originals[0]];
    if (!copy || !original) throw new Error("the bundle lacks pictures");
    const at = api.context.objects.localPath(candidateId);
    await rm(join(at, copy.path));
    await rm(join(at, `${original.path}.enc`));
    for (const file of [copy, original])
      expect(await reviewer.get(pathOf(file))).toMatchObject({
        status: 404,
        body: { code: "store.object_missing" },
      });
    expect(await logged(incidentId)).toEqual([]);
  });
});
