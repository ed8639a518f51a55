import { formatZh } from "../../casework/local-time.ts";
import type { AudienceKind, ChannelName } from "../../casework/warning/audience.ts";
import { plateTail } from "../../casework/warning/audience.ts";
import { composeOrder } from "../../casework/warning/order-letter.ts";
import { renderTemplate } from "../../casework/warning/template.ts";
import { composeWarning, graceEnd, letterText, type WarningFacts } from "../../casework/warning/warning.ts";
import type { Incident } from "./api.ts";
import { requestOf } from "./catalogue.ts";
import type { TemplateList } from "./warning-api.ts";

/** What an officer has chosen so far. */
export interface Draft {
  readonly level: 0 | 1;
  readonly audience: AudienceKind;
  /** Name of the party, or null. */
  readonly shop: string | null;
  readonly plate: string;
  /** Epoch ms, by this machine's clock; null: the rule's own grace. */
  readonly dueAt: number | null;
  readonly reason: string;
}

/** Who signs: the server says so in what it sends. */
const AGENCY = { zh: "城市管理行政执法部门", en: "City management and law enforcement" } as const;

/**
 * What would be said over a channel if it were sent at `now`. The server composes what is really said; this is shown before.
 * Of several templates that of the matter wins over the general one.
 */
export function previewOf(
  incident: Incident,
  draft: Draft,
  channel: ChannelName,
  templates: TemplateList["items"],
  now: number,
): string {
  const facts = factsOf(incident, draft, now);
  if (draft.level === 1) {
    const addresseeZh = draft.shop ?? "当事人";
    return letterText(composeOrder({ ...facts, addresseeZh, reasonZh: draft.reason }).zh);
  }
  const words = wordsFor(incident.violation, draft.audience, channel, templates);
  if (words === undefined) return letterText(composeWarning(facts).zh);
  return renderTemplate(words.textZh, {
    place: facts.place,
    violation: facts.violationZh,
    request: facts.requestZh,
    graceUntil: formatZh(facts.graceUntil),
    agency: facts.agencyZh,
    link: "（详情链接）",
    ...(draft.plate === "" ? {} : { plateTail: plateTail(draft.plate) }),
    ...(draft.shop === null ? {} : { shop: draft.shop }),
  });
}

function wordsFor(
  violation: string,
  audience: AudienceKind,
  channel: ChannelName,
  templates: TemplateList["items"],
): TemplateList["items"][number] | undefined {
  // Nobody words what an officer hands over: that is the letter itself.
  if (channel === "log" || channel === "webhook") return undefined;
  const fitting = templates.filter((row) => row.audience === audience && row.channel === channel);
  return fitting.find((row) => row.violation === violation) ?? fitting.find((row) => row.violation === null);
}

function factsOf(incident: Incident, { dueAt }: Draft, now: number): WarningFacts {
  const request = requestOf(incident.violation);
  return {
    place: incident.place,
    occurredAt: Date.parse(incident.occurredAt),
    violationZh: incident.violationName.zh,
    violationEn: incident.violationName.en,
    requestZh: request.zh,
    requestEn: request.en,
    basisZh: incident.legalBasis.join("、"),
    basisEn: incident.legalBasis.join("; "),
    agencyZh: AGENCY.zh,
    agencyEn: AGENCY.en,
    graceUntil: dueAt ?? graceEnd(now, incident.facts.rule.graceSeconds),
    writtenAt: now,
  };
}
