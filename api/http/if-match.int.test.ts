import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { putAgency } from "../../store/agency-store.ts";
import { withTx } from "../../store/pool.ts";
import { county } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { serveRoutes, type TestRoutes } from "../testing/test-routes.ts";
import { actOf } from "./act.ts";
import { defineRoute } from "./route.ts";

describe("changing what has a version", () => {
  let api: TestApi;
  let routes: TestRoutes;

  beforeAll(async () => {
    api = await startTestApi();
    const put = (conditional: "required" | "optional") =>
      defineRoute({
        method: "put",
        path: `/${conditional}/{id}`,
        summary: "puts an agency",
        tag: "agencies",
        access: "signed-in",
        params: z.object({ id: z.string() }),
        reply: z.object({ version: z.number() }),
        conditional,
        handle({ context, user, params, ifVersion }) {
          const texts = {
            zh: "局",
            numberPrefix: "",
            address: "",
            phone: "",
            reviewBody: "",
            court: "",
            payee: "",
          };
          const agency = { agency: params.id, region: county, powers: [], ...texts };
          return withTx(context.pool, (tx) => putAgency(tx, actOf(context, user), agency, ifVersion));
        },
      });
    routes = await serveRoutes(api.context, ["system_admin"], [put("required"), put("optional")]);
  });
  afterAll(async () => {
    await routes.close();
    await api.close();
  });

  const put = (path: string, ifMatch?: string) =>
    routes.send("PUT", path, {}, ifMatch === undefined ? {} : { "if-match": ifMatch });

  it("takes the version that is there, and no other", async () => {
    expect(await put("/required/a")).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await put("/required/a", '"1"')).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await put("/required/a", '"1"')).toMatchObject({
      status: 412,
      body: { code: "store.stale_version" },
    });
    expect(await put("/required/new", '"1"')).toMatchObject({ status: 412 });
    expect(await put("/required/a", "*")).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it("has to be told the version where a route requires it and something is there", async () => {
    await put("/required/b");
    const reply = await put("/required/b");
    expect(reply).toMatchObject({ status: 428, body: { code: "http.precondition_required", status: 428 } });
    expect(reply.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await put("/required/b", '"1"')).toMatchObject({ body: { version: 2 } });
  });

  it("does without where a route leaves it open", async () => {
    await put("/optional/c");
    expect(await put("/optional/c")).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await put("/optional/c", '"1"')).toMatchObject({ status: 412 });
  });

  it.each(['"0"', "7", 'W/"7"', '"7", "8"', '"seven"'])("refuses a tag that is not ours: %s", async (tag) => {
    expect(await put("/required/d", tag)).toMatchObject({
      status: 400,
      body: { code: "input.invalid", faults: [{ path: "if-match" }] },
    });
  });
});
