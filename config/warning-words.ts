import { formatZh } from "../casework/local-time.ts";
import type { AudienceKind, ChannelName } from "../casework/warning/audience.ts";
import { renderTemplate, type TemplateValues } from "../casework/warning/template.ts";
import type { WarningFacts } from "../casework/warning/warning.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { citationsOf, violationOf } from "./legal-basis.ts";
import { defaultTemplate } from "./warning-templates.ts";

const AGENCY = { zh: "城市管理行政执法部门", en: "City management and law enforcement" } as const;

/** What of an incident a warning speaks of. */
export interface WarnedAbout {
  readonly violation: string;
  readonly place: string;
  readonly occurredAt: EpochMs;
  readonly graceUntil: EpochMs;
  readonly writtenAt: EpochMs;
}

/** The letter's facts, with what the catalogue and the law registry say of the matter. Throws `InvalidInputError`. */
export function warningFactsOf(about: WarnedAbout): WarningFacts {
  const violation = violationOf(about.violation);
  const citations = citationsOf(violation);
  return {
    place: about.place,
    occurredAt: about.occurredAt,
    violationZh: violation.name.zh,
    violationEn: violation.name.en,
    requestZh: violation.request?.zh ?? "自行改正",
    requestEn: violation.request?.en ?? "put it right",
    basisZh: citations.map((citation) => citation.zh).join("、"),
    basisEn: citations.map((citation) => citation.en).join("; "),
    agencyZh: AGENCY.zh,
    agencyEn: AGENCY.en,
    graceUntil: about.graceUntil,
    writtenAt: about.writtenAt,
  };
}

/** Who is named, where somebody is. */
export interface Named {
  readonly plateTail: string | null;
  readonly shop: string | null;
}

/**
 * The words over one channel: the agency's own, else the defaults. `{{link}}` stays for whoever sends it, who alone
 * knows the link. Null: the letter itself is said.
 */
export function sayingText(
  facts: WarningFacts,
  to: { readonly violation: string; readonly audience: AudienceKind; readonly channel: ChannelName } & Named,
  own: { readonly textZh: string } | undefined,
): string | null {
  const words = own ?? defaultTemplate(to.violation, to.audience, to.channel);
  if (words === undefined) return null;
  const values: TemplateValues = {
    place: facts.place,
    violation: facts.violationZh,
    request: facts.requestZh,
    graceUntil: formatZh(facts.graceUntil),
    agency: facts.agencyZh,
    link: "{{link}}",
    ...(to.plateTail === null ? {} : { plateTail: to.plateTail }),
    ...(to.shop === null ? {} : { shop: to.shop }),
  };
  return renderTemplate(words.textZh, values);
}
