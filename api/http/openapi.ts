import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { softwareVersion } from "../../runtime/version.ts";
import { honoursKey } from "./idempotency.ts";
import type { AnyRoute } from "./route.ts";

/** What each group of routes is about. */
const tags: Record<string, string> = {
  session: "登录 Signing in and out, and the token that changing requests carry",
  incidents: "监控线索 What cameras saw: queue, review, evidence",
  "evidence access": "原始证据调阅 Who may see originals, by whose leave; holds and tombstones",
  warnings: "劝导 Warnings, their rungs, words and receivers, and looking again",
  registry: "责任登记 Whom a place answers to, and the loudspeakers there",
  deliveries: "送达 What went out over which channel, and what did not get through",
  cases: "案件 Cases, step by step",
  payments: "缴款 What was paid, as the bank or treasury says",
  documents: "文书 Documents of a case",
  agencies: "机关与人员 Agencies, certificates and qualifications",
  law: "法律参数 The numbers that law or agency sets, and who confirmed them",
  cameras: "摄像机 Cameras, their files and their health",
  "camera compliance": "设备合规 Reviews, listings and inspections that let a camera count",
  supervision: "监督 What checks found and supervisors raised",
  statistics: "统计 Figures",
  public: "公开 What anyone may read: cameras on the public list, published decisions",
  portal: "当事人 What a party reads and says behind a link",
  events: "实时 What happens, as it happens",
};

const problem = z
  .object({
    type: z.string().meta({ description: "`urn:forewarn:problem:` and the code" }),
    title: z.string().meta({ description: "For people" }),
    titleZh: z.string().optional().meta({ description: "A refusal's full sentence: why, and what to do" }),
    status: z.number().int(),
    code: z.string().meta({ description: "Stable; act on this, not on the title" }),
    article: z.string().optional().meta({ description: "Article of law: `xzcf:44`" }),
    also: z
      .array(
        z.object({
          code: z.string(),
          article: z.string().optional(),
          titleZh: z.string(),
          title: z.string(),
        }),
      )
      .optional()
      .meta({ description: "Whatever else stands in the way" }),
    faults: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "What does not fit the schema, each with its place" }),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });

const keyHeader = z.string().min(8).max(128).optional().meta({
  description:
    "Chosen by the caller, new for each thing to be done. The same request with the same key is done once: for 24 hours its reply is given again, with `Idempotency-Replayed: true`.",
});
const matchHeader = z.string().regex(/^("[1-9]\d{0,8}"|\*)$/);

const refusals = {
  "400": "What was sent does not fit",
  "401": "Not signed in",
  "403": "The roles do not allow it, or the token is missing",
  "404": "There is no such thing in the regions of whoever asks",
  "409": "The law or the procedure does not allow it now; or the same request is still being done",
  "412": "Changed since: read it again",
  "422": "The key was used for another request",
  "428": "There is something already: say with If-Match which version is changed",
  "503": "Somebody else is at work on this, or too many ask at once: try again in a moment",
} as const;

/** OpenAPI 3.1 of the very routes that are served: generated, so it cannot disagree with them. */
export function openApiDocument(routes: readonly AnyRoute[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  const used = new Set(routes.map(({ tag }) => tag));
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Forewarn 先劝",
      version: softwareVersion,
      description: [
        "Every state change needs the X-CSRF-Token of GET /session.",
        "Every refusal is `application/problem+json`: act on its `code`.",
        'What has a version is read with an `ETag: "7"` and changed with `If-Match: "7"`.',
        "A POST that carries an `Idempotency-Key` can be sent again without being done again.",
        "Instants are ISO 8601 in UTC, dates are local to Asia/Shanghai, amounts are in fen (分).",
      ].join("\n\n"),
    },
    servers: [{ url: "/api/v1" }],
    tags: [...used].map((name) => ({ name, description: tags[name] ?? name })),
    security: [{ session: [] }],
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "forewarn.sid", description: "Set by POST /session" },
        csrf: {
          type: "apiKey",
          in: "header",
          name: "X-CSRF-Token",
          description: "`csrfToken` of GET /session",
        },
      },
    },
    paths,
  });
}

function operationOf(route: AnyRoute) {
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    tags: [route.tag],
    description: [`Access: ${route.access}`, route.description].filter(Boolean).join("\n\n"),
    security: securityOf(route),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...headersOf(route),
    },
    ...(route.body
      ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }
      : {}),
    responses: {
      [String(route.status ?? 200)]: doneOf(route),
      ...Object.fromEntries(
        refusalsOf(route).map((status) => [
          status,
          { description: refusals[status], content: { "application/problem+json": { schema: problem } } },
        ]),
      ),
    },
  };
}

/** `postIncidentsIdClaim`: what generated clients call it. */
function operationIdOf({ method, path }: AnyRoute): string {
  const words = path.match(/[a-zA-Z0-9]+/g) ?? [];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function securityOf(route: AnyRoute): Record<string, string[]>[] {
  const needed = {
    ...(route.access === "public" ? {} : { session: [] }),
    ...(route.method === "get" ? {} : { csrf: [] }),
  };
  return Object.keys(needed).length === 0 ? [] : [needed];
}

function headersOf(route: AnyRoute) {
  const match = matchHeader.optional().meta({
    description:
      route.conditional === "required"
        ? "The ETag that was read; to be left out only where there is nothing yet"
        : "The ETag that was read: refused with 412 where somebody has changed it since",
  });
  const shape = {
    ...(honoursKey(route) ? { "Idempotency-Key": keyHeader } : {}),
    ...(route.conditional === undefined ? {} : { "If-Match": match }),
  };
  return Object.keys(shape).length === 0 ? {} : { header: z.object(shape) };
}

function doneOf({ reply, mediaType }: AnyRoute) {
  if (reply !== null) return { description: "Done", content: { "application/json": { schema: reply } } };
  if (mediaType === undefined) return { description: "A file or page" };
  return { description: "A stream", content: { [mediaType]: { schema: z.string() } } };
}

function refusalsOf(route: AnyRoute): (keyof typeof refusals)[] {
  const { access, conditional, method, params } = route;
  return [
    "400",
    ...(access === "public" ? [] : (["401", "403"] as const)),
    ...(params === undefined ? [] : (["404"] as const)),
    ...(method === "get" ? [] : (["409"] as const)),
    ...(conditional === undefined ? [] : (["412"] as const)),
    ...(honoursKey(route) ? (["422"] as const) : []),
    ...(conditional === "required" ? (["428"] as const) : []),
    ...(method === "get" ? [] : (["503"] as const)),
  ];
}
