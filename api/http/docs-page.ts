import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Router } from "express";

export const DOCS_PATH = "/api/docs";

/** Everything the page needs comes from here: the policy of all pages, which knows this server only, is enough for it. */
const PARTS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

const page = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Forewarn 先劝 · 接口文档 API</title>
<link rel="icon" type="image/png" href="${DOCS_PATH}/favicon-32x32.png">
<link rel="stylesheet" href="${DOCS_PATH}/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="${DOCS_PATH}/swagger-ui-bundle.js"></script>
<script src="${DOCS_PATH}/start.js"></script>
</body>
</html>
`;

/** Runs in the browser. What is tried out there changes things as if done on the desk, so it carries the token too. */
const start = `"use strict";
SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null,
  requestInterceptor: async (request) => {
    const method = (request.method ?? "GET").toUpperCase();
    if (method === "GET" || method === "HEAD") return request;
    const session = await (await fetch("/api/v1/session")).json();
    request.headers["X-CSRF-Token"] = session.csrfToken;
    return request;
  },
});
`;

/** `/api/docs`: the OpenAPI document to leaf through and try out. For anyone, as the document itself is. */
export function docsRouter(): Router {
  const router = Router();
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  router.get("/", (_req, res) => void res.set("cache-control", "no-cache").type("html").send(page));
  router.get("/start.js", (_req, res) => void res.set("cache-control", "no-cache").type("js").send(start));
  for (const part of PARTS)
    router.get(`/${part}`, (_req, res, next) => {
      res.set("cache-control", "public, max-age=3600");
      res.sendFile(join(folder, part), { dotfiles: "allow" }, (error) => {
        if (error !== undefined && error !== null && !res.headersSent) next(error);
      });
    });
  return router;
}
