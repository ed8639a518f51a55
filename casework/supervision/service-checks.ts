import type { CaseFile, ServiceRecord } from "../case/case-file.ts";
import { penaltyInForce, servedOn } from "../case/decision-in-force.ts";
import { missingDetails } from "../case/service-methods.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { dueAfter, lastDay } from "../clocks/due.ts";
import { isFilled } from "../refusal.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Service (送达). */
export const serviceChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP06",
      zh: "逾期送达或者送达方式不合法",
      en: "served late, or in a defective way",
      basis: ["xzcf:61", "mss:88", "mss:95"],
    },
    (file, facts) => [
      ...decisions(file).map(({ docId, on }) => servedLate(file, docId, on, facts)),
      ...file.services.flatMap((service) => defects(file, service, facts)),
    ],
  ),
];

/** The decision and the agency's own changes of it: each has to reach the party. */
function decisions(file: CaseFile): { docId: string; on: LocalDate }[] {
  const changes = file.changes.filter(({ by }) => by === "agency");
  return [file.decision, ...changes].filter((one) => one !== null);
}

function servedLate(file: CaseFile, docId: string, on: LocalDate, facts: SupervisionFacts): Found | null {
  const { parameters, calendar, today } = facts;
  const until = lastDay(dueAfter(on, parameters.get("service.decision"), calendar));
  const reached = servedOn(file, docId);
  if ((reached ?? today) <= until) return null;
  // What is gone or was replaced before it went out needs no service any more.
  const last = file.changes.at(-1);
  if (reached === null && (penaltyInForce(file) === null || (last !== undefined && last.docId !== docId)))
    return null;
  const attempts = file.services.filter((service) => service.docId === docId);
  const posted = attempts.some(({ method, outcome }) => method === "public_notice" && outcome !== "failed");
  // A public notice runs longer than the period by itself: tried in time is then all that can be asked.
  if (posted && attempts.some(({ attemptedOn }) => attemptedOn <= until)) return null;
  return {
    key: `late:${docId}`,
    zh: `${on}作出的决定应当于${until}前送达，${reached === null ? "至今没有送达" : `实际于${reached}送达`}。`,
    en: `The decision of ${on} had to be served by ${until}; it was ${reached === null ? "not served" : `served on ${reached}`}.`,
    evidence: { docId, on, until, servedOn: reached },
  };
}

function defects(file: CaseFile, service: ServiceRecord, facts: SupervisionFacts): Found[] {
  if (service.outcome === "failed") return [];
  const { serviceId, docId, method, attemptedOn, servedOn: on, details } = service;
  const found = (what: string, zh: string, en: string): Found => ({
    key: `${what}:${serviceId}`,
    zh: `${attemptedOn}的送达${zh}。`,
    en: `The service of ${attemptedOn} ${en}.`,
    evidence: { serviceId, docId, method, attemptedOn, servedOn: on },
  });
  const list: Found[] = [];
  // Handed over on the spot, who signed stands in the decision itself.
  const missing =
    service.code === "D03" && isFilled(details.receiver) ? [] : missingDetails(method, "served", details);
  if (missing.length > 0)
    list.push(
      found("record", `没有记录${missing.join("、")}`, `lacks part of its record: ${missing.join(", ")}`),
    );
  if (on !== null && on < attemptedOn) list.push(found("dates", "日期先后不符", "has dates that cannot be"));
  if (method === "electronic" && !hasAgreed(file, service))
    list.push(
      found(
        "not_agreed",
        "采用电子方式，当事人没有签订确认书同意",
        "was electronic without the party's written consent",
      ),
    );
  const paper = goesWith(file, docId);
  const failed = file.services.filter((other) => other.docId === paper && other.outcome === "failed");
  if (
    (method === "mail" || method === "entrust") &&
    !isFilled(details.whyNotDirect) &&
    !failed.some((other) => other.method === "direct")
  )
    list.push(found("direct_first", "没有说明直接送达的困难", "was indirect without saying why"));
  if (method !== "public_notice") return list;
  if (!failed.some((other) => other.attemptedOn <= attemptedOn))
    list.push(
      found("last_resort", "采用公告，此前没有尝试其他方式", "was a public notice with no other way tried"),
    );
  const { strictDue } = dueAfter(attemptedOn, facts.parameters.get("service.publicNotice"), facts.calendar);
  if (on !== null && on < strictDue)
    list.push(
      found(
        "too_short",
        `公告期至${strictDue}未满`,
        `was over before its public notice ran until ${strictDue}`,
      ),
    );
  return list;
}

/** The notice of the right to a hearing goes out with the advance notice, and was tried with it. */
function goesWith({ notice, formerNotices }: CaseFile, docId: string): string {
  const notices = [...formerNotices, ...(notice === null ? [] : [notice])];
  return notices.find(({ hearingDocId }) => hearingDocId === docId)?.docId ?? docId;
}

/** 行政处罚法 61(2). A confirmation that a later one has replaced is known by its document alone. */
function hasAgreed(file: CaseFile, { details, attemptedOn }: ServiceRecord): boolean {
  const confirmed = file.addressConfirmation;
  if (confirmed === null) return false;
  const earlier = file.documents.some(
    ({ code, docId, issuedOn }) => code === "D11" && docId !== confirmed.docId && issuedOn <= attemptedOn,
  );
  if (confirmed.signedOn > attemptedOn) return earlier;
  if (confirmed.revokedOn !== null && confirmed.revokedOn < attemptedOn) return false;
  return (
    earlier ||
    confirmed.channels.some(
      ({ channel, address }) => channel === details.channel && address === details.address,
    )
  );
}
