import { isGiven } from "../format-zh.ts";
import type { DocumentSource } from "../source.ts";
import type { FieldValues } from "../template.ts";
import { actFields } from "./act.ts";
import { agencyFields } from "./agency.ts";
import { approvalFields } from "./approval.ts";
import { courtFields } from "./court.ts";
import { draftFields } from "./draft.ts";
import { moneyFields } from "./money.ts";
import { noticeFields } from "./notice.ts";
import { partyFields } from "./party.ts";
import { penaltyFields } from "./penalty.ts";
import { serviceFields } from "./service.ts";

/**
 * Every field that a template may ask for, as far as the case knows it: one vocabulary for all documents. What only the
 * step knew comes from the draft; the case itself is never overruled by it.
 */
export function fieldsOf(source: DocumentSource): FieldValues {
  const { file } = source;
  const ofCase = file === null ? {} : caseFields({ ...source, file });
  const known = { ...agencyFields(source), ...ofCase };
  const given = Object.entries(known).filter(([, value]) => isGiven(value));
  return { ...draftFields(source), ...Object.fromEntries(given) };
}

function caseFields(source: Parameters<typeof actFields>[0]): FieldValues {
  return {
    ...partyFields(source),
    ...actFields(source),
    ...penaltyFields(source),
    ...noticeFields(source),
    ...approvalFields(source),
    ...serviceFields(source),
    ...moneyFields(source),
    ...courtFields(source),
  };
}
