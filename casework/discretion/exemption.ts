import type { Factor } from "./benchmark.ts";
import type { DiscretionFindings } from "./findings.ts";
import type { DiscretionStep } from "./penalty.ts";

/** Full years from which a person can be penalised, and from which fully (行政处罚法 30). */
const MINOR_UNTIL_AGE = 14;
const LOWERED_UNTIL_AGE = 18;

export interface Exemption {
  /** `must`: there can be no penalty. `may`: a person decides. */
  readonly kind: "must" | "may";
  readonly article: string;
  readonly step: DiscretionStep;
}

/**
 * Whether the law lets the party off (行政处罚法 30, 31, 33). `counted`: the facts that have evidence. A violation is minor
 * where no raising fact is proved: who repeats or hides it is not let off by rule, but may still be by a person.
 */
export function exemptionOf(findings: DiscretionFindings, counted: readonly Factor[]): Exemption | null {
  if (findings.ageYears !== null && findings.ageYears < MINOR_UNTIL_AGE)
    return must("xzcf:30", "exempt_age", texts.age);
  if (findings.incapacitated) return must("xzcf:31", "exempt_incapacity", texts.incapacity);
  if (findings.faultDisproved) return must("xzcf:33(2)", "exempt_no_fault", texts.noFault);
  const listed = counted.find((factor) => factor.kind === "exempt");
  if (listed !== undefined) return must(listed.source, "exempt_listed", texts.listed(listed));
  const raised = counted.some((factor) => factor.kind === "raise");
  if (findings.corrected && findings.harm === "none" && !raised)
    return must("xzcf:33(1)", "exempt_minor", texts.minor);
  if (findings.firstTime && findings.corrected && findings.harm !== "serious") {
    return { kind: "may", article: "xzcf:33(1)", step: { code: "may_exempt", ...texts.may } };
  }
  return null;
}

/** 14 to 17 years old: the penalty must be lighter or mitigated (行政处罚法 30). */
export function isLoweredForAge({ ageYears }: DiscretionFindings): boolean {
  return ageYears !== null && ageYears >= MINOR_UNTIL_AGE && ageYears < LOWERED_UNTIL_AGE;
}

interface Text {
  readonly zh: string;
  readonly en: string;
}

function must(article: string, code: string, text: Text): Exemption {
  return { kind: "must", article, step: { code, ...text } };
}

const texts = {
  age: {
    zh: "当事人不满十四周岁，依照《中华人民共和国行政处罚法》第三十条不予行政处罚，责令监护人加以管教。",
    en: "The party is under 14: no penalty; the guardian is ordered to see to them (Penalty Law, Art. 30).",
  },
  incapacity: {
    zh: "当事人在不能辨认或者不能控制自己行为时有违法行为，依照《中华人民共和国行政处罚法》第三十一条不予行政处罚，责令监护人严加看管和治疗。",
    en: "The party could not tell or control what they did: no penalty; the guardian is ordered to look after them (Penalty Law, Art. 31).",
  },
  noFault: {
    zh: "当事人有证据足以证明没有主观过错，依照《中华人民共和国行政处罚法》第三十三条第二款不予行政处罚，并予以教育。",
    en: "The party has proved that there was no fault: no penalty, but education (Penalty Law, Art. 33(2)).",
  },
  listed: (factor: Factor) => ({
    zh: `具有“${factor.zh}”情节，依照裁量权基准不予行政处罚，并予以教育。`,
    en: `"${factor.en}": the benchmark gives no penalty, but education.`,
  }),
  minor: {
    zh: "违法行为轻微并及时改正，没有造成危害后果，依照《中华人民共和国行政处罚法》第三十三条第一款不予行政处罚，并予以教育。",
    en: "Minor, corrected in time and without harm: no penalty, but education (Penalty Law, Art. 33(1)).",
  },
  may: {
    zh: "初次违法，危害后果轻微并及时改正，依照《中华人民共和国行政处罚法》第三十三条第一款可以不予行政处罚；是否处罚由执法人员决定并说明理由。",
    en: "First violation, slight harm, corrected in time: the penalty may be left out; a person decides and gives the reason (Penalty Law, Art. 33(1)).",
  },
} as const;
