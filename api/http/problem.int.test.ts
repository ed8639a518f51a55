import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

describe("every refusal is problem details", () => {
  let api: TestApi;
  let client: ApiClient;
  beforeAll(async () => {
    api = await startTestApi();
    client = await api.signedIn(["officer", "content_reviewer"]);
  });
  afterAll(() => api.close());

  const path = "/incidents/x/reject";
  const cases: [what: string, status: number, code: string, ask: () => ReturnType<ApiClient["get"]>][] = [
    ["an address where there is nothing", 404, "http.not_found", () => client.get("/nothing")],
    ["a thing that is not there", 404, "store.not_found", () => client.get("/incidents/inc_unknown")],
    ["an address that is none", 400, "http.bad_request", () => client.get("/incidents/%E0%A4%A")],
    ["malformed JSON", 400, "http.bad_json", () => client.post(path, {}, { raw: '{"reason":' })],
    ["JSON that does not fit", 400, "input.invalid", () => client.post(path, { surprise: 1 })],
    [
      "too much",
      413,
      "http.too_large",
      () => client.post(path, {}, { raw: JSON.stringify({ text: "a".repeat(70_000) }) }),
    ],
    [
      "a charset nobody knows",
      415,
      "http.unsupported_media_type",
      () => client.post(path, {}, { headers: { "content-type": "application/json; charset=klingon" } }),
    ],
    ["no token", 403, "auth.csrf", () => client.post(path, {}, { headers: { "x-csrf-token": "wrong" } })],
    ["a role that may not", 403, "auth.forbidden", () => client.get("/access-requests")],
    ["a stranger", 401, "auth.not_signed_in", () => api.client().get("/incidents")],
  ];

  it.each(cases)("%s: %i %s", async (_, status, code, ask) => {
    const { headers, body, ...reply } = await ask();
    expect([reply.status, headers.get("content-type")]).toEqual([
      status,
      "application/problem+json; charset=utf-8",
    ]);
    expect(body).toMatchObject({ type: `urn:forewarn:problem:${code}`, code, status });
    expect(body.title).toMatch(/\S/);
    expect(body.titleZh).toMatch(/^[\u4e00-\u9fff].*。$/);
  });
});
