import type { z } from "zod";
import { openIncidentActions, transitionIncident } from "../../casework/incident/incident-lifecycle.ts";
import { localDate } from "../../casework/local-time.ts";
import { isFilled, type Refusal } from "../../casework/refusal.ts";
import {
  chosenTargets,
  namesSomeone,
  type Reach,
  refusePlate,
  type Target,
} from "../../casework/warning/audience.ts";
import { refuseBroadcastAlone } from "../../casework/warning/broadcast.ts";
import { WRITTEN_ORDER } from "../../casework/warning/ladder.ts";
import { composeOrder } from "../../casework/warning/order-letter.ts";
import { composeWarning, graceEnd, type WarningFacts } from "../../casework/warning/warning.ts";
import { violationOf } from "../../config/legal-basis.ts";
import { sayingText, warningFactsOf } from "../../config/warning-words.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { subjectKey } from "../../runtime/subject-key.ts";
import { hashToken, warningLink, warningToken } from "../../runtime/warning-link.ts";
import type { Act } from "../../store/act.ts";
import { RefusedError } from "../../store/errors.ts";
import { noteOnTimeline } from "../../store/evidence-record.ts";
import { incidentFacts } from "../../store/incident-facts.ts";
import { type IncidentDetail, incidentFactsOf } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { findPartiesOf } from "../../store/responsible-party-store.ts";
import { findSpeakersOf } from "../../store/speaker-store.ts";
import { findTemplate } from "../../store/template-store.ts";
import { readReviewedRecord } from "../../store/warning-read-model.ts";
import { createWarning, type Saying } from "../../store/warning-store.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import { ladderQuery, ladderReply, warnBody, warnReply } from "../schemas/warnings.ts";
import { advise, parametersNow } from "../warnings/advise.ts";
import { twoOfficersOf, warningHooks } from "../warnings/hooks.ts";
import { type Addressed, address, askOwner } from "../warnings/reach.ts";
import { readIncident } from "./incidents.ts";

const tag = "warnings";

export const warningRoutes = [
  defineRoute({
    method: "get",
    path: "/incidents/{id}/ladder",
    summary: "What comes next for an incident (规范在先、处罚在后), why, and who could be told",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    query: ladderQuery,
    reply: ladderReply,
    async handle({ context, user, params, query }) {
      const incident = await readIncident(context, actOf(context, user), params.id);
      const { zone } = incidentFacts.parse(incident.facts);
      const { cameraId, violation } = incident;
      const subject = subjectOf(context, query);
      const { rung, reasons, repeats } = await advise(context, incident, {
        subjectKey: subject,
        harm: query.harm,
      });
      const parameters = await parametersNow(context);
      const limits = {
        minReviewed: parameters.get("broadcast.minReviewed"),
        minPrecisionPercent: parameters.get("broadcast.minPrecisionPercent"),
      };
      const record = await readReviewedRecord(context.pool, {
        ...{ cameraId, violation },
        limit: limits.minReviewed,
      });
      const refusal = refuseBroadcastAlone(record, limits);
      const at = Date.parse(incident.occurredAt);
      const parties = await findPartiesOf(context.pool, { cameraId, zoneId: zone.id, at });
      const speakers = await findSpeakersOf(context.pool, { cameraId, zoneId: zone.id });
      return {
        next: rung.kind,
        level: "level" in rung ? rung.level : null,
        ground: "ground" in rung ? rung.ground : null,
        reasons: [...reasons],
        repeats,
        parties: parties.map(({ partyId, name, kind }) => ({ partyId, name, kind })),
        speakers: speakers.length,
        alone: { allowed: refusal === null, ...record, why: refusal?.messageZh ?? null },
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/warning",
    summary:
      "Warn about a confirmed incident (远端劝导), or order correction in writing (责令改正): one per incident and level",
    tag,
    access: "warning.send",
    params: incidentIdParams,
    body: warnBody,
    reply: warnReply,
    status: 201,
    // The link is a key to the letter.
    keepsReply: false,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      const incident = await readIncident(context, act, params.id);
      refuse(
        refuseEarly(incident, act, body) ??
          refusePlate(body.text ?? "") ??
          refusePlate(otherPlateReasonOf(body)) ??
          refuseOrder(body),
      );
      const facts = incidentFacts.parse(incident.facts);
      const isOrder = body.level === WRITTEN_ORDER;
      const wanted = await address(context, act, incident, facts, body.audience);
      const { beyondLimit } = await advise(context, incident, {
        subjectKey: wanted.audience.subjectKey,
        harm: false,
      });
      const order = { ...incident, colleague: body.colleague };
      if (wanted.plate !== null) {
        // Everything that can stand in the way does so before a register is asked about anybody.
        refuse(refuseMove(incident, act, body, beyondLimit));
        targetsFor(context, { ...wanted.reach, phone: "unknown" }, body);
        if (isOrder) await twoOfficersOf(context.pool, act, order);
      }
      const addressed = await askOwner(context, act, params.id, wanted);
      const graceUntil = graceOf(act, body, facts.rule.graceSeconds);
      const words = warningFactsOf({
        violation: incident.violation,
        place: incident.place,
        occurredAt: Date.parse(incident.occurredAt),
        graceUntil,
        writtenAt: act.at,
      });
      const targets = targetsFor(context, addressed.reach, body);
      const channels = await sayings(context, act, incident, { words, addressed, targets, body });
      const token = warningToken(context.linkSecret, params.id, body.level);
      const made = await withTx(context.pool, async (tx) => {
        const created = await createWarning(
          tx,
          act,
          {
            ...{ incidentId: params.id, level: body.level, graceUntil, channels, beyondLimit },
            letters: lettersOf(words, addressed, body),
            linkTokenHash: hashToken(token),
            audience: addressed.audience,
            minorFirst: violationOf(incident.violation).minorFirst,
            namesSomeone: namesSomeone(addressed.audience.kind),
            ...(body.reason === undefined ? {} : { reason: body.reason }),
            ...(isOrder && addressed.addressee !== null ? { addressee: addressed.addressee } : {}),
          },
          warningHooks(context, order),
        );
        if (addressed.owner !== null)
          await noteOnTimeline(tx, act, params.id, "owner_answered", { answer: addressed.owner });
        return created;
      });
      queue(context, made, graceUntil - act.at);
      return {
        warningId: made.warningId,
        link: warningLink(context.config.publicUrl, token),
        graceUntil: new Date(graceUntil).toISOString(),
        channels: channels.map(({ channel }) => channel),
        owner: addressed.owner,
      };
    },
  }),
];

type WarnBody = z.output<typeof warnBody>;

/** Before anybody is looked up: could this officer take this step at all? */
function refuseEarly(incident: IncidentDetail, act: Act, body: WarnBody): Refusal | null {
  const facts = incidentFactsOf(incident);
  const action = body.level === WRITTEN_ORDER ? "order_correction" : "persuade";
  if (openIncidentActions(facts, act.actor, act.at).includes(action)) return null;
  const move =
    action === "persuade"
      ? ({ action, minorFirst: true, namesSomeone: false } as const)
      : ({ action, note: "-" } as const);
  const transition = transitionIncident(facts, move, act.actor, act.at);
  return transition.ok ? null : transition.refusal;
}

function otherPlateReasonOf({ audience }: WarnBody): string {
  return audience.kind === "vehicle_owner" ? (audience.otherPlateReason ?? "") : "";
}

/** As the move will be judged, with whom it names and how often they did it before. */
function refuseMove(
  incident: IncidentDetail,
  act: Act,
  body: WarnBody,
  beyondLimit: boolean,
): Refusal | null {
  if (body.level === WRITTEN_ORDER) return null;
  const { minorFirst } = violationOf(incident.violation);
  const move = {
    action: "persuade",
    ...{ minorFirst, beyondLimit, namesSomeone: namesSomeone(body.audience.kind) },
  } as const;
  const transition = transitionIncident(incidentFactsOf(incident), move, act.actor, act.at);
  return transition.ok ? null : transition.refusal;
}

/** Throws `RefusedError` where a channel that was asked for leads nowhere. */
function targetsFor(context: ApiContext, reach: Reach, { level, channels }: WarnBody): readonly Target[] {
  // An order is read, not shouted.
  const heard = level === WRITTEN_ORDER ? { ...reach, speakers: [] } : reach;
  const chosen = chosenTargets(heard, context.config.webhookUrl !== undefined, channels);
  if (!chosen.ok) throw new RefusedError(chosen.refusal);
  return chosen.targets;
}

function refuseOrder({ level, audience, reason }: WarnBody): Refusal | null {
  if (level !== WRITTEN_ORDER) return null;
  if (audience.kind === "place") {
    return {
      code: "order.addressee_required",
      article: "xzcf:28",
      messageZh: "责令改正须有明确的当事人，请选择门前责任单位或车辆所有人。",
      messageEn: "An order is made out to somebody: choose the responsible party or the vehicle's owner.",
    };
  }
  if (isFilled(reason)) return null;
  return {
    code: "incident.note_required",
    messageZh: "请写明责令改正的理由。",
    messageEn: "Say why a written order is needed.",
  };
}

function refuse(refusal: Refusal | null): void {
  if (refusal !== null) throw new RefusedError(refusal);
}

/** The officer's own date, else the rule's grace. */
function graceOf(act: Act, { level, dueAt }: WarnBody, graceSeconds: number): number {
  if (dueAt === undefined) {
    if (level !== WRITTEN_ORDER || graceSeconds > 0) return graceEnd(act.at, graceSeconds);
    throw new InvalidInputError("body", [{ path: "dueAt", message: "this matter has no grace of its own" }]);
  }
  const at = Date.parse(dueAt);
  if (at > act.at) return at;
  throw new InvalidInputError("body", [{ path: "dueAt", message: "lies in the past" }]);
}

function lettersOf(words: WarningFacts, { addressee }: Addressed, { level, reason = "" }: WarnBody) {
  if (level !== WRITTEN_ORDER) return composeWarning(words);
  return composeOrder({ ...words, addresseeZh: addressee ?? "当事人", reasonZh: reason });
}

async function sayings(
  context: ApiContext,
  act: Act,
  { violation }: IncidentDetail,
  to: {
    readonly words: WarningFacts;
    readonly addressed: Addressed;
    readonly targets: readonly Target[];
    readonly body: WarnBody;
  },
): Promise<Saying[]> {
  const { words, addressed, targets, body } = to;
  const audience = addressed.audience.kind;
  const all: Saying[] = [];
  for (const { channel, address: where } of targets) {
    const isLetter = channel === "log" || channel === "webhook" || body.level === WRITTEN_ORDER;
    const own = { violation, channel, audience, on: localDate(act.at) };
    const text = isLetter
      ? null
      : (body.text ??
        sayingText(
          words,
          { violation, audience, channel, ...addressed.named },
          await findTemplate(context.pool, own),
        ));
    all.push({ channel, address: where, text });
  }
  return all;
}

function subjectOf(
  { linkSecret }: ApiContext,
  { partyId }: { readonly partyId?: string | undefined },
): string | null {
  return partyId === undefined ? null : subjectKey(linkSecret, { kind: "party", partyId });
}

/** Redis may be away: deliveries and looks are in Postgres and the queues are re-armed from there. */
function queue(
  { producer, log }: ApiContext,
  { deliveryIds, recheckId }: { deliveryIds: readonly string[]; recheckId: string },
  graceMs: number,
): void {
  for (const deliveryId of deliveryIds)
    producer
      .sendNotice(deliveryId)
      .catch((err: unknown) => log.warn({ err, deliveryId }, "notice not queued yet"));
  producer
    .lookAgain(recheckId, graceMs)
    .catch((err: unknown) => log.warn({ err, recheckId }, "look not queued yet"));
}
