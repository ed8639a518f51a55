import { claimIncident } from "../../casework/incident/incident-claim.ts";
import { openIncidentActions } from "../../casework/incident/incident-lifecycle.ts";
import { citationsOf, violationOf } from "../../config/legal-basis.ts";
import type { Act } from "../../store/act.ts";
import { incidentFacts } from "../../store/incident-facts.ts";
import {
  type IncidentDetail,
  type IncidentSummary,
  incidentFactsOf,
} from "../../store/incident-read-model.ts";
import type { IncidentListReply, IncidentReply } from "../schemas/incidents.ts";

type Item = IncidentListReply["items"][number];

export function itemOf(summary: IncidentSummary): Item {
  const { reviewDue: _, ...shown } = summary;
  const violation = violationOf(summary.violation);
  return {
    ...shown,
    violationName: violation.name,
    thumbnail: `/api/v1/incidents/${summary.incidentId}/thumbnail`,
  };
}

/** The whole incident as this user sees it, with the steps that are open to them now. */
export function replyOf(incident: IncidentDetail, act: Act): IncidentReply {
  const violation = violationOf(incident.violation);
  const facts = incidentFactsOf(incident);
  const actions: IncidentReply["actions"] = openIncidentActions(facts, act.actor, act.at).filter(
    (action) => action !== "persuade" || violation.minorFirst,
  );
  const mine = act.actor.kind === "user" && incident.claimedBy === act.actor.userId;
  if (claimIncident(facts, act.actor, act.at).ok) actions.unshift("claim");
  if (mine) actions.push("release");
  return {
    ...itemOf(incident),
    facts: incidentFacts.parse(incident.facts),
    minorFirst: violation.minorFirst,
    legalBasis: citationsOf(violation).map((citation) => citation.zh),
    manifestSha256: incident.manifestSha256,
    files: incident.evidence.map((file) => ({
      ...file,
      masked: file.path.startsWith("masked/"),
      url: `/api/v1/incidents/${incident.incidentId}/files/${file.path}`,
    })),
    actions,
    reviews: [...incident.reviews],
    warnings: incident.warnings.map((warning) => ({ ...warning, deliveries: [...warning.deliveries] })),
    recheck: incident.recheck,
    case: incident.case,
    timeline: [...incident.timeline],
  };
}
