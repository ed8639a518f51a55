import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { softwareVersion } from "../../runtime/version.ts";
import type { AnyRoute } from "./route.ts";

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    titleZh: z.string().optional(),
    status: z.number().int(),
    code: z.string().meta({ description: "Stable; act on this, not on the title" }),
    article: z.string().optional(),
    faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });

/** OpenAPI 3.1 of the very routes that are served: generated, so it cannot disagree with them. */
export function openApiDocument(routes: readonly AnyRoute[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const failure = { description: "Refused", content: { "application/problem+json": { schema: problem } } };
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: {
        summary: route.summary,
        tags: [route.tag],
        description: `Access: ${route.access}`,
        ...(route.access === "public" ? { security: [] } : {}),
        requestParams: {
          ...(route.params ? { path: route.params } : {}),
          ...(route.query ? { query: route.query } : {}),
        },
        ...(route.body
          ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }
          : {}),
        responses: {
          [String(route.status ?? 200)]: route.reply
            ? { description: "Done", content: { "application/json": { schema: route.reply } } }
            : { description: "A file or page" },
          "400": failure,
          ...(route.access === "public" ? {} : { "401": failure, "403": failure }),
          "409": failure,
        },
      },
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Forewarn 先劝",
      version: softwareVersion,
      description: "Every state change needs the X-CSRF-Token of GET /session.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ session: [] }],
    components: { securitySchemes: { session: { type: "apiKey", in: "cookie", name: "forewarn.sid" } } },
    paths,
  });
}
