import { localDate } from "../../casework/local-time.ts";
import { placeholders } from "../../casework/warning/template.ts";
import { findViolation } from "../../config/violations.ts";
import { defaultTemplates } from "../../config/warning-templates.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { withTx } from "../../store/pool.ts";
import { addTemplate, listTemplates } from "../../store/template-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { requireEveryAgency } from "../http/every-agency.ts";
import { defineRoute } from "../http/route.ts";
import { templateBody, templateListReply } from "../schemas/warnings.ts";

const tag = "warnings";

/** The agency's own, and the defaults it has not replaced. */
async function everyTemplate({ pool }: ApiContext) {
  const own = await listTemplates(pool);
  const replaced = new Set(own.map(keyOf));
  const defaults = defaultTemplates
    .filter((words) => !replaced.has(keyOf(words)))
    .map((words) => ({
      ...words,
      ...{ templateId: null, version: 0, createdByName: null, createdAt: null, validFrom: null },
    }));
  return { items: [...own, ...defaults], placeholders: { ...placeholders } };
}

function keyOf(words: {
  readonly violation: string | null;
  readonly channel: string;
  readonly audience: string;
}): string {
  return JSON.stringify([words.violation, words.channel, words.audience]);
}

export const templateRoutes = [
  defineRoute({
    method: "get",
    path: "/warning-templates",
    summary: "The words of warnings, per matter, audience and channel, and what may be left open in them",
    tag,
    access: "template.read",
    reply: templateListReply,
    handle: ({ context }) => everyTemplate(context),
  }),
  defineRoute({
    method: "put",
    path: "/warning-templates",
    summary: "Give a matter, an audience and a channel new words; earlier versions stay on record",
    tag,
    access: "template.manage",
    body: templateBody,
    conditional: "required",
    reply: templateListReply,
    async handle({ context, user, body, ifVersion }) {
      const { violation, validFrom, ...words } = body;
      if (violation !== null && findViolation(violation) === undefined) {
        const message = `"${violation}" is not in the catalogue`;
        throw new InvalidInputError("body", [{ path: "violation", message }]);
      }
      await requireEveryAgency(context, user);
      const act = actOf(context, user);
      const template = { violation, validFrom: validFrom ?? localDate(act.at), ...words };
      await withTx(context.pool, (tx) => addTemplate(tx, act, template, ifVersion));
      return everyTemplate(context);
    },
  }),
];
