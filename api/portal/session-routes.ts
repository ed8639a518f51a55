import type { Request } from "express";
import { linkStanding } from "../../casework/portal/party-link.ts";
import { factorKinds, typedFactor } from "../../casework/portal/second-factor.ts";
import { hashToken } from "../../runtime/warning-link.ts";
import { withTx } from "../../store/pool.ts";
import { answerFactor, findPartyLinkByToken, type PartyLink } from "../../store/portal-link-store.ts";
import { factorHash, issueBearer } from "./link-secrets.ts";
import { factorWrong, linkInvalid, linkLocked } from "./portal-error.ts";
import { actOfLink, definePortalRoute, type PortalContext } from "./portal-route.ts";
import { questionBody, questionReply, sessionBody, sessionReply } from "./schemas.ts";

/** What no phone and no plate ends in: an answer that cannot be right is hashed like any other. */
const NO_FACTOR = "-";
/** Stands for a link nobody gave out, so that the answer takes as long. */
const NO_LINK = "plk_0";

export const sessionRoutes = [
  definePortalRoute({
    method: "post",
    path: "/session/question",
    summary: "What a link asks for: the end of a phone number or of a plate",
    access: "nobody",
    body: questionBody,
    reply: questionReply,
    async handle({ context, body, req }) {
      const link = await knock(context, req, hashToken(body.token));
      const standing = link === undefined ? "revoked" : linkStanding(link, context.clock.now());
      if (link === undefined || standing === "revoked" || standing === "expired") throw linkInvalid();
      if (standing === "locked") throw linkLocked();
      const { zh, en, length } = factorKinds[link.factorKind];
      return { factorKind: link.factorKind, asksZh: zh, asksEn: en, length };
    },
  }),
  definePortalRoute({
    method: "post",
    path: "/session",
    summary: "Open a link with what it asks for: a bearer token for fifteen minutes",
    access: "nobody",
    body: sessionBody,
    reply: sessionReply,
    async handle({ context, body, req }) {
      const link = await knock(context, req, hashToken(body.token));
      const answerHash = answerOf(context, link, body.factor);
      if (link === undefined) throw linkInvalid();
      await admit(context, link, answerHash);
      const { bearer, expiresAt } = issueBearer(context.linkSecret, link.linkId, context.clock.now());
      return {
        bearer,
        expiresAt: new Date(expiresAt).toISOString(),
        opens: link.caseId === null ? ("record" as const) : ("case" as const),
      };
    },
  }),
];

/**
 * The link of a token. Many people share an address, behind an office's or a network's gateway: whoever has a link is
 * counted by it, and by address only whoever guesses.
 */
async function knock(
  { pool, portalThrottle }: PortalContext,
  req: Request,
  tokenHash: string,
): Promise<PartyLink | undefined> {
  const link = await findPartyLinkByToken(pool, tokenHash);
  if (link === undefined) await portalThrottle.consume("session-address", req.ip ?? "unknown");
  else await portalThrottle.consume("session-link", link.linkId);
  return link;
}

function answerOf(context: PortalContext, link: PartyLink | undefined, typed: string): string {
  const factor = typedFactor(link?.factorKind ?? "phone", typed) ?? NO_FACTOR;
  return factorHash(context.linkSecret, link?.linkId ?? NO_LINK, factor);
}

/** A wrong answer is counted for good: what is thrown for it comes after the count was committed. */
async function admit(context: PortalContext, link: PartyLink, answerHash: string): Promise<void> {
  const { linkId } = link;
  const act = actOfLink(context, link);
  const answer = await withTx(context.pool, (tx) => answerFactor(tx, act, linkId, answerHash));
  switch (answer.outcome) {
    case "right":
      return;
    case "wrong":
      context.log.warn({ linkId, triesLeft: answer.triesLeft }, "wrong second factor at the portal");
      throw answer.triesLeft === 0 ? linkLocked() : factorWrong(answer.triesLeft);
    case "locked":
      context.log.warn({ linkId }, "a locked link was tried at the portal");
      throw linkLocked();
    case "revoked":
    case "expired":
      throw linkInvalid();
  }
}
