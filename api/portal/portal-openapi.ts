import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { softwareVersion } from "../../runtime/version.ts";
import type { AnyPortalRoute } from "./portal-route.ts";

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    titleZh: z.string().optional(),
    status: z.int(),
    code: z.string(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details; act on the code" });

/** OpenAPI 3.1 of the portal's own routes. */
export function portalDocument(routes: readonly AnyPortalRoute[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Forewarn 先劝 · 当事人服务",
      version: softwareVersion,
      description:
        "POST /session with the link's token and its second factor gives a bearer token for fifteen minutes. A POST that carries an Idempotency-Key is done once.",
    },
    servers: [{ url: "/portal/v1" }],
    security: [{ link: [] }],
    components: { securitySchemes: { link: { type: "http", scheme: "bearer" } } },
    paths,
  });
}

function operationOf(route: AnyPortalRoute) {
  const failure = { description: "Refused", content: { "application/problem+json": { schema: problem } } };
  const body =
    route.fileBytes !== undefined
      ? { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } }
      : route.body === undefined
        ? undefined
        : { "application/json": { schema: route.body } };
  return {
    summary: route.summary,
    tags: ["portal"],
    ...(route.access === "nobody" ? { security: [] } : {}),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
    },
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses: {
      [String(route.status ?? 200)]:
        route.reply === null
          ? { description: "A file" }
          : { description: "Done", content: { "application/json": { schema: route.reply } } },
      "400": failure,
      "401": failure,
      "404": failure,
      ...(route.method === "post" ? { "409": failure, "422": failure } : {}),
    },
  };
}
