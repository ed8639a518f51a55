import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roleIds } from "../casework/roles.ts";
import { makeAgency } from "../test-fixtures/casework-builders.ts";
import { allYes, cameraFile, county, makeCamera } from "../test-fixtures/store-builders.ts";
import { routes } from "./app.ts";
import type { AnyRoute } from "./http/route.ts";
import { type Client, confirmedIncident, signedInCertified } from "./testing/case-api.ts";
import { startTestApi, type TestApi } from "./testing/test-api.ts";
import { waitingIncident } from "./testing/test-incidents.ts";

const nameOf = (route: AnyRoute) => `${route.method} ${route.path}`;

/** What is no region's: who works here, and what law and words hold everywhere. */
const ofNoRegion = [
  "post /users/{id}/certificates",
  "post /users/{id}/legal-qualification",
  "post /parameters/{key}/settings",
];

/** What takes more than a row to be there: the region is tested beside what makes it. */
const testedBesideFiles = [
  "get /incidents/{id}/thumbnail",
  "get /incidents/{id}/files/{folder}/{name}",
  "get /rechecks/{id}/{which}",
  "get /party-uploads/{uploadId}/file",
  "post /camera-tasks/{id}/resolve",
];

const named = routes.filter((route) => route.access !== "public" && route.path.includes("{"));
const tested = named.filter((route) => ![...ofNoRegion, ...testedBesideFiles].includes(nameOf(route)));

const reason = { reason: "不在辖区" };
const note = { note: "不在辖区" };
const day = { validFrom: "2026-03-10", validTo: "2027-03-09" };
const ok = { ok: true, note: "符合" };
/** A body that is right in form for each route that wants one. */
const bodies: Readonly<Record<string, object>> = {
  "post /incidents/{id}/confirm": { tests: allYes },
  "post /incidents/{id}/reject": { reason: "false_detection" },
  "post /incidents/{id}/export": { include: "masked", why: "inform_party" },
  "post /incidents/{id}/access-requests": { purpose: "case_investigation", ...reason },
  "post /access-requests/{id}/decline": note,
  "post /access-requests/{id}/revoke": note,
  "post /incidents/{id}/holds": reason,
  "post /cases/{id}/holds": reason,
  "post /holds/{id}/release": reason,
  "post /incidents/{id}/corrected": note,
  "post /incidents/{id}/not-corrected": note,
  "post /incidents/{id}/dispatch": note,
  "post /incidents/{id}/transfer": { target: "交警" },
  "post /incidents/{id}/work-order": { target: "环卫" },
  "post /incidents/{id}/case": { ground: "harm", note: "堵住盲道" },
  "post /cases/{id}/steps": { step: "revoke_address" },
  "post /documents/{id}/void": reason,
  "post /supervision/{id}/reply": { reply: "已重新询问并签名。" },
  "post /supervision/{id}/close": { outcome: "unfounded", note: "并无此事" },
  "post /incidents/{id}/party-links": { factor: "phone", number: "13800000000" },
  "post /party-links/{linkId}/revoke": reason,
  "post /cameras/{id}/reviews": {
    ...{ kind: "technical", opinion: "合格", ...day },
    findings: { resolution: ok, time: ok, position: ok, storage: ok },
  },
  "post /cameras/{id}/listings": { listed: false, removedOn: "2026-03-10", ...reason },
  "post /cameras/{id}/inspections": { kind: "sign", passed: true, doneOn: "2026-03-10", note: "完好" },
  "post /cameras/{id}/authorities": { authority: "lead_only", ...reason, validFrom: "2026-03-10" },
};

/** What has to be asked with. */
const queries: Readonly<Record<string, string>> = {
  "/statistics/cure": "?from=2026-03-01&to=2026-03-31",
  "/cameras/{id}/health": "?from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z",
};

describe("another region", () => {
  let api: TestApi;
  let here: Client;
  let elsewhere: Client;
  /** The ids of what there is here, by the beginning of the path that names it. */
  let ids: Record<string, string>;
  let moreBodies: Record<string, object>;

  beforeAll(async () => {
    api = await startTestApi();
    await makeAgency(api.pool);
    here = await signedInCertified(api, roleIds);
    elsewhere = await signedInCertified(api, roleIds, ["510108", "110000"]);
    const make = async (path: string, body: object = {}) => {
      const reply = await here.post(path, body);
      if (reply.status !== 201)
        throw new Error(`${path} answered ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body;
    };
    const cameraId = await makeCamera(api.pool);
    const incident = await waitingIncident(api);
    const warned = await confirmedIncident(api, here);
    await make(`/incidents/${warned}/warning`);
    const { rows } = await api.pool.query("select id from warning_deliveries where channel = 'log'");
    const escalated = await confirmedIncident(api, here);
    const { caseId, documents } = await make(`/incidents/${escalated}/case`, { ground: "harm", note: "x" });
    const party = { cameraId, zoneId: "pavement", kind: "shop", name: "面馆", validFrom: "2026-01-01" };
    const speaker = { cameraId, transport: "mqtt", address: "pole-7" };
    const agency = {
      ...{
        region: county,
        zh: "执法局",
        numberPrefix: "武",
        address: "",
        phone: "",
        reviewBody: "",
        court: "",
      },
      ...{ payee: "", powers: [] },
    };
    ids = {
      "/incidents": incident,
      "/cases": caseId,
      "/documents": documents[0].docId,
      "/cameras": cameraId,
      "/deliveries": rows[0].id,
      "/access-requests": (
        await make(`/incidents/${incident}/access-requests`, { purpose: "case_investigation", ...reason })
      ).grantId,
      "/holds": (await make(`/cases/${caseId}/holds`, reason)).holdId,
      "/responsible-parties": (await make("/responsible-parties", party)).partyId,
      "/speakers": (await make("/speakers", speaker)).speakerId,
      "/agencies": "51010701",
      "/supervision": (await make("/supervision", { caseId, finding: "询问笔录没有签名。" })).itemId,
      "/party-links": (
        await make(`/incidents/${warned}/party-links`, { factor: "phone", number: "13800000000" })
      ).linkId,
    };
    moreBodies = {
      "put /responsible-parties/{id}": party,
      "put /speakers/{id}": speaker,
      "put /agencies/{id}": agency,
      "put /cameras/{id}": { camera: { ...cameraFile(cameraId), source: undefined } },
    };
  });
  afterAll(() => api.close());

  const idOf = (route: AnyRoute) => {
    const id = ids[`/${route.path.split("/")[1]}`];
    if (id === undefined) throw new Error(`say in this test which thing ${nameOf(route)} is about`);
    return id;
  };

  function call(client: Client, route: AnyRoute) {
    const path = `${route.path.replaceAll(/\{\w+\}/g, idOf(route))}${queries[route.path] ?? ""}`;
    const body = bodies[nameOf(route)] ?? moreBodies[nameOf(route)] ?? {};
    return client.call(route.method.toUpperCase(), path, {
      ...(route.body === undefined ? {} : { raw: JSON.stringify(body) }),
      headers: route.conditional === undefined ? {} : { "if-match": "*" },
    });
  }

  it("names only routes that there are", () => {
    const names = named.map(nameOf);
    expect(names).toEqual(
      expect.arrayContaining([...ofNoRegion, ...testedBesideFiles, ...Object.keys(bodies)]),
    );
  });

  it.each(tested.map((route) => [nameOf(route), route] as const))("gets nothing by %s", async (_, route) => {
    const outside = await call(elsewhere, route);
    expect([403, 404], JSON.stringify(outside.body)).toContain(outside.status);
    // Here it is found, whatever is then said about it: the refusal was the region's.
    const inside = await call(here, route);
    expect(["input.invalid", "auth.forbidden", "store.not_found", "http.not_found"]).not.toContain(
      inside.body.code,
    );
  });

  const lists = routes.filter(
    ({ method, path, access, reply }) =>
      method === "get" &&
      access !== "public" &&
      access !== "signed-in" &&
      !path.includes("{") &&
      reply !== null,
  );

  it.each(lists.map((route) => [nameOf(route), route] as const))(
    "sees nothing of here in %s",
    async (_, route) => {
      const listed = await elsewhere.get(`${route.path}${queries[route.path] ?? ""}`);
      expect(listed.status).toBe(200);
      const text = listed.bytes.toString("utf8");
      for (const id of [...Object.values(ids), "pole-7", "面馆"]) expect(text).not.toContain(id);
    },
  );

  it("is not how it looks from here", async () => {
    for (const [path, id] of Object.entries(ids)) {
      if (["/documents", "/holds", "/party-links", "/deliveries", "/access-requests"].includes(path))
        continue;
      expect((await here.get(path)).bytes.toString("utf8"), path).toContain(id);
    }
  });
});
