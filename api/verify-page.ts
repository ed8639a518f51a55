import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Router } from "express";
import { VERIFIER_DIR } from "../runtime/verifier-files.ts";

const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/;

/**
 * `/verify`: the page that checks a bundle in the browser, and verify.mjs to take home. For anyone, without signing in;
 * it asks the server for nothing more. Empty where the build has not made them.
 */
export function verifyPageRouter(dir: string = VERIFIER_DIR): Router {
  const router = Router();
  const page = join(dir, "verify.html");
  if (!existsSync(page)) return router;
  const html = readFileSync(page, "utf8");
  // The page names its one script and style by their hashes; the policy of the other pages would refuse both.
  const policy = `${POLICY.exec(html)?.[1] ?? "default-src 'none'"}; frame-ancestors 'none'`;
  router.get(["/verify", "/verify/"], (_req, res) => {
    res.set("content-security-policy", policy).set("cache-control", "no-cache").type("html").send(html);
  });
  router.get("/verify/verify.mjs", (_req, res, next) => {
    res.set("cache-control", "no-cache");
    res.download(join(dir, "verify.mjs"), (error) => {
      if (error !== undefined && error !== null && !res.headersSent) next(error);
    });
  });
  return router;
}
