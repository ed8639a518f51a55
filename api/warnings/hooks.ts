import type { PersonFacts } from "../../casework/case/step-facts.ts";
import { localDate } from "../../casework/local-time.ts";
import type { Refusal } from "../../casework/refusal.ts";
import { formalCitation } from "../../config/laws.ts";
import { violationOf } from "../../config/legal-basis.ts";
import type { Act } from "../../store/act.ts";
import { RefusedError } from "../../store/errors.ts";
import { issueIncidentDocument } from "../../store/incident-documents.ts";
import type { Queryable } from "../../store/pool.ts";
import { readPeople } from "../../store/step-facts.ts";
import type { WarningHooks } from "../../store/warning-store.ts";
import type { ApiContext } from "../context.ts";

interface Order {
  readonly region: string;
  readonly violation: string;
  /** The second officer. */
  readonly colleague: string | undefined;
}

/**
 * What else comes about when an officer warns or orders: a written order is a numbered document (D02) of two officers with
 * valid certificates, issued in the same transaction or not at all.
 */
export function warningHooks({ casework }: ApiContext, order: Order): WarningHooks {
  return {
    issueOrder: async (tx, act, { incidentId, addressee, reason, dueAt }) => {
      const { request, legalBasis } = violationOf(order.violation);
      const able = await twoOfficersOf(tx, act, order);
      await issueIncidentDocument(tx, act, casework, incidentId, "D02", {
        partyName: addressee,
        facts: reason,
        orderWhat: request?.zh ?? "立即改正违法行为",
        forbids: legalBasis.forbids.map(formalCitation).join("、"),
        orderDueOn: localDate(dueAt),
        officers: able.map(({ displayName, certificate }) => `${displayName}（${certificate?.no ?? ""}）`),
      });
    },
  };
}

/** Who makes the order: whoever asks and their colleague. Throws `RefusedError` unless both hold a valid certificate. */
export async function twoOfficersOf(db: Queryable, act: Act, order: Order): Promise<PersonFacts[]> {
  const self = act.actor.kind === "user" ? [act.actor.userId] : [];
  const asked = [...self, ...(order.colleague === undefined ? [] : [order.colleague])];
  const people = await readPeople(db, asked, order.region);
  const today = localDate(act.at);
  const able = [...people.values()].filter(
    ({ roles, certificate }) =>
      roles.includes("officer") &&
      certificate !== null &&
      certificate.validFrom <= today &&
      today <= certificate.validTo,
  );
  if (able.length < 2) throw new RefusedError(twoOfficers);
  return able;
}

const twoOfficers: Refusal = {
  code: "duty.two_officers_required",
  article: "xzcf:42",
  messageZh: "责令改正通知书须由两名持有有效执法证件的执法人员作出，请选择另一名执法人员。",
  messageEn: "A written order takes two officers with valid certificates: name a colleague.",
};
