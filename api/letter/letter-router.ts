import { Router } from "express";
import { hashToken } from "../../runtime/warning-link.ts";
import type { Act } from "../../store/act.ts";
import { logEvidence } from "../../store/evidence-record.ts";
import { findIncident } from "../../store/incident-read-model.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { findTombstone } from "../../store/tombstone-read-model.ts";
import { findWarningByTokenHash, type WarningLetter } from "../../store/warning-read-model.ts";
import { markWarningOpened } from "../../store/warning-store.ts";
import type { ApiContext } from "../context.ts";
import { actOfParty } from "../http/act.ts";
import { sendFile } from "../http/send-file.ts";
import { type LetterPicture, letterPage, unknownLetterPage } from "./letter-page.ts";

/** `/w/‹token›`: the letter behind its unguessable link, with masked pictures only. */
export function letterRouter(context: ApiContext): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set({ "cache-control": "no-store", "x-robots-tag": "noindex" });
    next();
  });

  router.get("/:token", async (req, res) => {
    const letter = await find(context, req.params.token);
    if (!letter) {
      res.status(404).send(unknownLetterPage());
      return;
    }
    // Gateways and link checkers ask with HEAD whether a link is there; only who gets the letter has opened it.
    if (req.method === "GET") {
      await withTx(context.pool, (tx) => open(tx, actOfParty(context), letter, hashToken(req.params.token)));
    }
    const pictures = (await maskedPictures(context, letter)).map(
      (file): LetterPicture => ({
        url: `/w/${req.params.token}/${file.path}`,
        captionZh: file.role === "close" ? "特写（已遮挡）" : "全景（已遮挡）",
        captionEn: file.role === "close" ? "close view, masked" : "wide view, masked",
      }),
    );
    res.send(letterPage({ zh: letter.letterZh, en: letter.letterEn }, pictures));
  });

  router.get("/:token/masked/:name", async (req, res) => {
    const letter = await find(context, req.params.token);
    const wanted = `masked/${req.params.name}`;
    const file = letter && (await maskedPictures(context, letter)).find(({ path }) => path === wanted);
    if (!file) {
      res.status(404).send(unknownLetterPage());
      return;
    }
    await sendFile(context.objects, file, req, res);
  });
  return router;
}

async function find(context: ApiContext, token: string): Promise<WarningLetter | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  return findWarningByTokenHash(context.pool, hashToken(token));
}

/** The first opening serves the masked pictures: the evidence log says when, and that it was whoever had the link. */
async function open(tx: Tx, act: Act, letter: WarningLetter, tokenHash: string): Promise<void> {
  const { warningId, first } = await markWarningOpened(tx, act, tokenHash);
  if (first)
    await logEvidence(tx, act, letter.incidentId, {
      kind: "served",
      why: "inform_party",
      detail: { warningId },
    });
}

/** The link itself is the right to see this one incident's masked pictures, whatever its region. */
async function maskedPictures(context: ApiContext, letter: WarningLetter) {
  // Decided is decided, also while the files are still being removed.
  if ((await findTombstone(context.pool, letter.incidentId)) !== null) return [];
  const incident = await findIncident(context.pool, "every", letter.incidentId);
  return (incident?.evidence ?? [])
    .filter((file) => file.path.startsWith("masked/") && file.mediaType.startsWith("image/"))
    .map((file) => ({ ...file, bundlePath: incident?.bundlePath ?? "" }));
}
