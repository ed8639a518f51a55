import { describe, expect, it } from "vitest";
import { z } from "zod";
import { routes } from "../app.ts";
import { openApiDocument } from "./openapi.ts";
import { type AnyRoute, defineRoute } from "./route.ts";

/** The parts of OpenAPI 3.1 that this document uses, strictly: what is not listed here must not be there. */
const schemaObject = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const media = z.record(z.string(), z.strictObject({ schema: schemaObject }));
const response = z.strictObject({ description: z.string().min(1), content: media.optional() });
const security = z.array(z.record(z.string(), z.array(z.string())));
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][a-zA-Z0-9]+$/),
  summary: z.string().min(1),
  tags: z.array(z.string().min(1)).length(1),
  description: z.string().min(1),
  security,
  parameters: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        in: z.enum(["path", "query", "header"]),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schemaObject,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean(), content: media }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), response),
});
const openApi31 = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string().min(1), description: z.string().min(1) })),
  security,
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.strictObject({
        type: z.literal("apiKey"),
        in: z.enum(["cookie", "header"]),
        name: z.string(),
        description: z.string().min(1),
      }),
    ),
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schemaObject),
  }),
  paths: z.record(
    z.string().startsWith("/"),
    z.partialRecord(z.enum(["get", "post", "put", "delete"]), operation),
  ),
});

/** Every `$ref` in a document. */
function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
}

describe("the OpenAPI document", () => {
  const json: unknown = JSON.parse(JSON.stringify(openApiDocument(routes)));
  const document = openApi31.parse(json);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  );

  it("lists exactly the routes that are served", () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it("declares each parameter of a path, required, and no other", () => {
    for (const { path, described } of operations) {
      const inPath = (described?.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
    }
  });

  it("refers to nothing that is not in it", () => {
    const refs = refsIn(json);
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs)
      expect(Object.keys(document.components.schemas)).toContain(ref.replace("#/components/schemas/", ""));
  });

  const routeOf = (path: string, method: string) =>
    routes.find((route) => route.path === path && route.method === method);
  const headers = (described: z.infer<typeof operation> | undefined) =>
    (described?.parameters ?? []).filter((parameter) => parameter.in === "header").map(({ name }) => name);

  it("says what each route needs, and how a refusal looks", () => {
    for (const { described, path, method } of operations) {
      const isPublic = routeOf(path, method)?.access === "public";
      const needed = [...(isPublic ? [] : ["session"]), ...(method === "get" ? [] : ["csrf"])];
      expect(described?.security.flatMap((each) => Object.keys(each))).toEqual(needed);
      const statuses = Object.keys(described?.responses ?? {});
      expect(statuses.includes("401")).toBe(!isPublic);
      expect(statuses.includes("404")).toBe(path.includes("{"));
      for (const [status, { content }] of Object.entries(described?.responses ?? {}))
        if (status >= "400") expect(Object.keys(content ?? {})).toEqual(["application/problem+json"]);
    }
  });

  it("gives each operation a name of its own, and describes each group", () => {
    const names = operations.map(({ described }) => described?.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description } of document.tags) expect(description).not.toBe(name);
    const used = new Set(operations.flatMap(({ described }) => described?.tags ?? []));
    expect(new Set(document.tags.map(({ name }) => name))).toEqual(used);
  });

  it("documents the key of whatever creates something, and of nothing that ignores it", () => {
    const created = operations.filter(({ described }) => "201" in (described?.responses ?? {}));
    expect(created.length).toBeGreaterThan(3);
    for (const { described } of created) {
      expect(headers(described)).toContain("Idempotency-Key");
      expect(Object.keys(described?.responses ?? {})).toContain("422");
    }
    const ignoring = operations.filter(
      ({ method, path }) => method !== "post" || path.startsWith("/session") || path.endsWith("/export"),
    );
    for (const { described } of ignoring) expect(headers(described)).not.toContain("Idempotency-Key");
  });

  it("documents If-Match where a route takes it", () => {
    const route = (conditional: "required" | "optional"): AnyRoute =>
      defineRoute({
        ...{ method: "put", path: `/${conditional}`, summary: "s", tag: "law", access: "case.read" },
        conditional,
        reply: z.object({}),
        handle: async () => ({}),
      });
    const { paths } = openApi31.parse(openApiDocument([route("required"), route("optional")]));
    const [required, optional] = [paths["/required"]?.put, paths["/optional"]?.put];
    expect([headers(required), headers(optional)]).toEqual([["If-Match"], ["If-Match"]]);
    expect(Object.keys(required?.responses ?? {})).toEqual(expect.arrayContaining(["412", "428"]));
    expect(Object.keys(optional?.responses ?? {})).toEqual(expect.arrayContaining(["412", "503"]));
    expect(Object.keys(optional?.responses ?? {})).not.toContain("428");
  });

  it("lists the steps of a case one by one", () => {
    const body = document.paths["/cases/{id}/steps"]?.post?.requestBody?.content["application/json"]?.schema;
    const [ref] = refsIn(body);
    const steps = ref === undefined ? body : document.components.schemas[ref.split("/").at(-1) ?? ""];
    const step = z.object({
      title: z.string(),
      properties: z.object({ step: z.object({ const: z.string() }) }),
    });
    const { oneOf } = z.object({ oneOf: z.array(step) }).parse(steps);
    expect(oneOf.length).toBeGreaterThan(30);
    // By its title a reader finds a step in the list.
    for (const { title, properties } of oneOf) expect(title).toBe(properties.step.const);
  });
});
