import { Router } from "express";
import { rateLimit } from "express-rate-limit";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { localDate } from "../../casework/local-time.ts";
import { type PublicDecision, publicDecision, publicText } from "../../casework/publication/public-text.ts";
import { personalDataIn } from "../../casework/publication/redact.ts";
import { formalCitation } from "../../config/laws.ts";
import { readAgency } from "../../store/agency-store.ts";
import { findPublishedCase, listPublishedCases } from "../../store/publication-read-model.ts";
import type { ApiContext } from "../context.ts";
import { decisionListPage, decisionPage, noDecisionPage } from "./decision-page.ts";

const PER_PAGE = 50;
const MOST_PAGES = 1_000;

/**
 * `/public/decisions`: what a person decided to publish, redacted; pictures are not shown, masked or not. Whoever is
 * withdrawn is said to be, with the reason and nothing else (行政处罚法 48).
 */
export function publicDecisionsRouter(context: ApiContext): Router {
  const router = Router();
  router.use(rateLimit({ windowMs: 60_000, limit: 60, standardHeaders: true, legacyHeaders: false }));
  router.use((_req, res, next) => {
    // A withdrawn decision must not live on in somebody's cache.
    res.set("cache-control", "no-store");
    next();
  });
  router.get("/", async (req, res) => {
    const number = Math.min(MOST_PAGES, Math.max(1, Number.parseInt(String(req.query.page ?? "1"), 10) || 1));
    const files = await listPublishedCases(context.pool, {
      limit: PER_PAGE + 1,
      offset: (number - 1) * PER_PAGE,
    });
    const items = [];
    for (const file of files.slice(0, PER_PAGE)) {
      const decision = await shownDecision(context, file);
      if (decision !== null)
        items.push({ url: `${req.baseUrl}/${encodeURIComponent(file.caseId)}`, decision });
    }
    res.send(decisionListPage(items, files.length > PER_PAGE ? `${req.baseUrl}?page=${number + 1}` : null));
  });
  router.get("/:id", async (req, res) => {
    const file = await findPublishedCase(context.pool, req.params.id);
    const decision = file === undefined ? null : await shownDecision(context, file);
    if (decision === null) {
      res.status(404).send(noDecisionPage());
      return;
    }
    res.send(decisionPage(decision));
  });
  return router;
}

/** Checked once more before it leaves: what still shows personal data is not shown, and somebody is told. */
async function shownDecision(context: ApiContext, file: CaseFile): Promise<PublicDecision | null> {
  const { zh } = await readAgency(context.pool, file.agency);
  const actOn = localDate(file.act.endedAt);
  const matter = context.casework.book.matterOn(file.violation, actOn, file.decision?.on ?? actOn);
  const decision = publicDecision(file, { agencyZh: zh, matter, cite: formalCitation });
  if (decision === null) return null;
  const found = personalDataIn(publicText(decision), file.party);
  if (found.length === 0) return decision;
  context.log.error(
    { caseId: file.caseId, found },
    "a published decision shows personal data and is held back",
  );
  return null;
}
