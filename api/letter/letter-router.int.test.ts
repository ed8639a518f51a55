import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashToken, warningToken } from "../../runtime/warning-link.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { allYes } from "../../test-fixtures/store-builders.ts";
import { decideDeletionOf } from "../testing/decided-deletion.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { sealedIncident } from "../testing/test-incidents.ts";

describe("the letter behind its link", () => {
  let api: TestApi;
  let officer: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    officer = await api.signedIn(["content_reviewer", "officer"]);
  });
  afterAll(() => api.close());

  async function warned(
    place = "人民南路二段",
  ): Promise<{ incidentId: string; letter: string; token: string }> {
    const { incidentId } = await sealedIncident(api, { location: { lat: 30.6, lon: 104, place } });
    await officer.post(`/incidents/${incidentId}/claim`);
    await officer.post(`/incidents/${incidentId}/confirm`, { tests: allYes });
    const { link } = (await officer.post(`/incidents/${incidentId}/warning`)).body;
    const { pathname } = new URL(link);
    return { incidentId, letter: api.origin + pathname, token: pathname.slice("/w/".length) };
  }

  const warningOf = async (incidentId: string) =>
    (await officer.get(`/incidents/${incidentId}`)).body.warnings[0];

  async function served(incidentId: string) {
    const { rows } = await api.pool.query<{ entry: Record<string, unknown> }>(
      `select convert_from(entry, 'UTF8')::jsonb as entry from evidence_log
       where kind = 'served' and convert_from(entry, 'UTF8')::jsonb -> 'detail' ->> 'incidentId' = $1`,
      [incidentId],
    );
    return rows.map(({ entry }) => entry);
  }

  it("says what was seen and what is asked, to whoever has the link and nobody signed in", async () => {
    const { letter } = await warned();
    const reply = await fetch(letter);
    const html = await reply.text();
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(html).toContain("温馨提示");
    expect(html).toContain("人民南路二段");
    expect(html).toContain("A friendly notice");
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.headers.get("x-robots-tag")).toBe("noindex");
    expect(reply.headers.get("referrer-policy")).toBe("no-referrer");
    expect(reply.headers.getSetCookie()).toEqual([]);
  });

  it("counts as opened the first time, and the party's timeline says when", async () => {
    const { incidentId, letter } = await warned();
    expect(await warningOf(incidentId)).toMatchObject({ state: "draft", openedAt: null });
    await fetch(letter);
    const opened = await warningOf(incidentId);
    expect(opened).toMatchObject({ state: "opened", openedAt: new Date(api.clock.at).toISOString() });
    api.clock.at += 60_000;
    await Promise.all([fetch(letter), fetch(letter)]);
    expect(await warningOf(incidentId)).toEqual(opened);
    const { rows } = await api.pool.query(
      "select actor_kind from timeline_entries where subject_id = $1 and action = 'open'",
      [opened.warningId],
    );
    expect(rows).toEqual([{ actor_kind: "party" }]);
  });

  it("is served once, by the evidence log: the party, the warning, and nothing that names anybody", async () => {
    const { incidentId, letter, token } = await warned();
    await fetch(letter, { method: "HEAD" });
    expect(await served(incidentId)).toEqual([]);
    await Promise.all([fetch(letter), fetch(letter)]);
    const { warningId } = await warningOf(incidentId);
    expect(await served(incidentId)).toMatchObject([
      { actor: { kind: "party", id: null }, why: "inform_party", detail: { incidentId, warningId } },
    ]);
    expect(JSON.stringify(await served(incidentId))).not.toContain(token);
  });

  it("is not opened by somebody who only asks whether it is there", async () => {
    const { incidentId, letter } = await warned();
    expect((await fetch(letter, { method: "HEAD" })).status).toBe(200);
    expect(await warningOf(incidentId)).toMatchObject({ state: "draft", openedAt: null });
  });

  it("shows masked pictures only, the very files of the bundle", async () => {
    const { incidentId, letter } = await warned();
    const html = await (await fetch(letter)).text();
    const pictures = [...html.matchAll(/<img src="([^"]+)"/g)].map(([, src]) => src ?? "");
    expect(pictures).toHaveLength(6);
    for (const src of pictures) {
      expect(src).toMatch(/^\/w\/[\w-]{43}\/masked\/(still|close)-[123]-(first|middle|trigger)\.jpg$/);
      const picture = await fetch(api.origin + src);
      expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    }
    const { files } = (await officer.get(`/incidents/${incidentId}`)).body;
    for (const { path, masked } of files)
      expect((await fetch(`${letter}/${path}`)).status).toBe(masked ? 200 : 404);
  });

  it("shows no picture any more once their deletion is decided", async () => {
    const { incidentId, letter } = await warned();
    await decideDeletionOf(api, incidentId);
    const html = await (await fetch(letter)).text();
    expect(html).toContain("温馨提示");
    expect(html).not.toContain("<img");
    expect((await fetch(`${letter}/masked/still-1-first.jpg`)).status).toBe(404);
  });

  it("leads nowhere else, however the path is bent", async () => {
    const { token, letter } = await warned();
    const { hostname, port } = new URL(letter);
    // A socket of our own: fetch() would straighten the path first.
    const statusOf = (path: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
        });
        socket.once("data", (chunk) => {
          resolve(chunk.toString("latin1").split(" ")[1] ?? "");
          socket.destroy();
        });
        socket.once("error", reject);
      });
    expect(await statusOf(`/w/${token}/masked/still-1-first.jpg`)).toBe("200");
    for (const path of [
      "originals/still-1-first.jpg",
      "masked/../originals/still-1-first.jpg",
      "masked/..%2Foriginals%2Fstill-1-first.jpg",
      "masked/%2e%2e%2foriginals%2fstill-1-first.jpg",
      "masked/..%5Coriginals%5Cstill-1-first.jpg",
      "masked/..%2F..%2F..%2F..%2Fetc%2Fpasswd",
      "masked/..%2Fmanifest.json",
      "manifest.json",
      "masked/",
      "masked",
    ])
      expect([path, await statusOf(`/w/${token}/${path}`)]).toEqual([path, "404"]);
  });

  it("answers a wrong link with one and the same page, whatever is wrong about it", async () => {
    const { incidentId, token } = await warned();
    const changed = (token.startsWith("A") ? "B" : "A") + token.slice(1);
    const pages = new Set<string>();
    for (const wrong of [
      "x",
      "x".repeat(43),
      changed,
      hashToken(token),
      incidentId,
      warningToken("another secret", incidentId, 0),
      warningToken(api.context.linkSecret, incidentId, 1),
      `${token}x`,
      `${changed}/masked/still-1-first.jpg`,
    ]) {
      const reply = await fetch(`${api.origin}/w/${wrong}`);
      expect([wrong, reply.status]).toEqual([wrong, 404]);
      pages.add(await reply.text());
    }
    expect([...pages]).toEqual([expect.stringContaining("链接无效或已过期")]);
    expect(await warningOf(incidentId)).toMatchObject({ state: "draft" });
  });

  it("keeps markup in a place's name text", async () => {
    const { letter } = await warned(`<script>alert("x")</script>&路`);
    const html = await (await fetch(letter)).text();
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;路");
  });

  it("slows whoever tries links down", async () => {
    const api2 = await startTestApi();
    try {
      const statuses = new Set<number>();
      for (let guess = 0; guess < 61; guess += 1)
        statuses.add((await fetch(`${api2.origin}/w/${"x".repeat(43)}`)).status);
      expect([...statuses]).toEqual([404, 429]);
    } finally {
      await api2.close();
    }
  });
});
