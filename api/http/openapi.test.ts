import { describe, expect, it } from "vitest";
import { z } from "zod";
import { routes } from "../app.ts";
import { openApiDocument } from "./openapi.ts";

/** The parts of OpenAPI 3.1 that this document uses, strictly: what is not listed here must not be there. */
const schemaObject = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const media = z.record(z.string(), z.strictObject({ schema: schemaObject }));
const response = z.strictObject({ description: z.string().min(1), content: media.optional() });
const operation = z.strictObject({
  summary: z.string().min(1),
  tags: z.array(z.string().min(1)).length(1),
  description: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        in: z.enum(["path", "query"]),
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
  security: z.array(z.record(z.string(), z.array(z.string()))),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal("apiKey"), in: z.literal("cookie"), name: z.string() }),
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

  it("says which routes need no session, and how a refusal looks", () => {
    for (const { described, path, method } of operations) {
      const isPublic =
        routes.find((route) => route.path === path && route.method === method)?.access === "public";
      expect(described?.security).toEqual(isPublic ? [] : undefined);
      const statuses = Object.keys(described?.responses ?? {});
      expect(statuses.includes("401")).toBe(!isPublic);
      for (const [status, { content }] of Object.entries(described?.responses ?? {}))
        if (status >= "400") expect(Object.keys(content ?? {})).toEqual(["application/problem+json"]);
    }
  });
});
