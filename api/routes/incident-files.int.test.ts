import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
const HOUR = 3_600_000;

describe("files of an incident", () => {
  let api: TestApi;
  let reviewer: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    reviewer = await api.signedIn(["content_reviewer"]);
  });
  afterAll(() => api.close());

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
    const { incidentId } = await sealedIncident(api);
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
    const { clip } = await filesOf((await sealedIncident(api)).incidentId);
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
    const { clip } = await filesOf((await sealedIncident(api)).incidentId);
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

  it("opens originals only to whoever reviews or handles it; others get masked copies", async () => {
    const { incidentId } = await sealedIncident(api);
    const { originals, masked } = await filesOf(incidentId);
    const [original, copy] = [originals[0], masked[0]];
    if (!original || !copy) throw new Error("the bundle lacks pictures");
    for (const role of ["unit_head", "agency_leader", "legal_reviewer", "city_supervisor"] as const) {
      const client = await api.signedIn([role]);
      expect(await client.get(pathOf(original))).toMatchObject({
        status: 403,
        body: { code: "auth.forbidden" },
      });
      expect((await client.get(pathOf(copy))).status).toBe(200);
    }
    expect(await views(incidentId)).toEqual([]);
    const officer = await api.signedIn(["officer"]);
    expect((await officer.get(pathOf(original))).status).toBe(200);
    expect(await views(incidentId)).toEqual([{ actorId: officer.userId, path: original.path }]);
    expect((await officer.get(`/incidents/${incidentId}`)).body.timeline.at(-1)).toMatchObject({
      action: "view_original",
      actorId: officer.userId,
    });
  });

  it("writes down one look once, however many requests it is made of", async () => {
    const { incidentId } = await sealedIncident(api);
    const { clip, originals } = await filesOf(incidentId);
    const still = originals.find(({ path }) => path.startsWith("originals/still-1"));
    if (still === undefined) throw new Error("the bundle lacks its first picture");
    const look = (headers = {}) => reviewer.get(pathOf(clip), { headers });
    await Promise.all(Array.from({ length: 6 }, () => look()));
    for (const range of ["bytes=0-99", "bytes=100-199"]) await look({ range });
    await reviewer.get(pathOf(still));
    const mine = (path: string) => ({ actorId: reviewer.userId, path });
    expect(await views(incidentId)).toEqual([mine(clip.path), mine(still.path)]);
    api.clock.at += HOUR;
    await look();
    expect(await views(incidentId)).toHaveLength(3);
  });

  it.each(["bytes=1-", "bytes=-4095", "bytes=0-0,1-4095", "bytes= 0-", "nonsense"])(
    "writes a look down whatever part is asked for: %s",
    async (range) => {
      const { incidentId } = await sealedIncident(api);
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

  it("says that a file is gone when the store has lost it", async () => {
    const { incidentId, candidateId } = await sealedIncident(api);
    const [copy] = (await filesOf(incidentId)).masked;
    if (copy === undefined) throw new Error("the bundle lacks pictures");
    await rm(join(api.context.objects.localPath(candidateId), copy.path));
    expect(await reviewer.get(pathOf(copy))).toMatchObject({
      status: 404,
      body: { code: "store.object_missing" },
    });
  });
});
