import { describe, expect, it } from "vitest";
import { z } from "zod";
import { partySteps } from "../../casework/portal/party-steps.ts";
import { portalDocument } from "./portal-openapi.ts";
import { portalRoutes } from "./portal-router.ts";

/** Every name of a field, in whatever depth. */
function fieldNames(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(fieldNames)];
}

describe("the portal's forms", () => {
  const bodies = portalRoutes.flatMap(({ path, body, query }) =>
    [body, query].flatMap((schema) => (schema === undefined ? [] : [{ path, schema }])),
  );

  it("have no field by which anybody gives up a right, or speeds anything up by it (B-10)", () => {
    const names = bodies.flatMap(({ schema }) => fieldNames(z.toJSONSchema(schema)));
    expect(names).toContain("text");
    expect(
      names.filter((name) => /waiv|renounc|forgo|forfeit|give_?up|discount|plea|guilt|admit/i.test(name)),
    ).toEqual([]);
    expect(Object.values(partySteps)).not.toContain("waive_window");
  });

  it("take nothing that is not named, so that no such field slips in beside the others", () => {
    for (const { path, schema } of bodies)
      expect([path, z.toJSONSchema(schema)]).toMatchObject([path, { additionalProperties: false }]);
  });

  it("ask for no payment and no presence", () => {
    const text = JSON.stringify(bodies.map(({ schema }) => z.toJSONSchema(schema)));
    expect(text).not.toMatch(/receiptNo|amountFen|appointment|presence/);
  });

  it("are described as they are served", () => {
    const { paths } = portalDocument(portalRoutes) as { paths: Record<string, object> };
    expect(Object.keys(paths)).toHaveLength(new Set(portalRoutes.map(({ path }) => path)).size);
  });
});
