import type { CaseFile, Statement } from "../case/case-file.ts";
import { firstServedOn } from "../case/decision-in-force.ts";
import type { StepName } from "../case/step-input.ts";
import { openSteps } from "../case/take-step.ts";
import { isFilled, type Refusal } from "../refusal.ts";

/** What a party may start through the portal, by the name the portal has for it. There is nothing to waive among it. */
export const partySteps = {
  statement: "receive_statement",
  hearing_request: "request_hearing",
  review_application: "file_review",
  address_confirmation: "confirm_address",
  address_revocation: "revoke_address",
} as const satisfies Record<string, StepName>;
export type PartyStep = keyof typeof partySteps;

/** The steps this party could start now; their guards are asked when one is taken. */
export function openPartySteps(file: CaseFile): PartyStep[] {
  const open = openSteps(file, { kind: "party", caseId: file.caseId });
  return (Object.keys(partySteps) as PartyStep[]).filter((name) => {
    if (!open.includes(partySteps[name])) return false;
    // Offered only where the notice gave the right: a button that always refuses helps nobody.
    if (name === "hearing_request") return typeof file.notice?.hearingDocId === "string";
    if (name === "review_application") return firstServedOn(file) !== null;
    if (name === "address_revocation") return file.addressConfirmation?.revokedOn === null;
    return true;
  });
}

/** What a statement is about unless the party says: the letter that was served last, else the record. */
export function statementAbout(file: CaseFile): Statement["about"] {
  if (typeof file.urging?.servedOn === "string") return "urging";
  const noticed = file.decision === null && typeof file.notice?.servedOn === "string";
  return noticed ? "notice" : "record";
}

/**
 * D11 is signed by writing one's name, after the second factor: whoever signs with another name has not read it (行政处罚法
 * 61(2), 电子签名法 13).
 */
export function refuseSignature(file: CaseFile, signedName: string): Refusal | null {
  const { party } = file;
  const names = [party?.name, party?.legalRepresentative].filter(isFilled).map(plain);
  if (names.includes(plain(signedName))) return null;
  return {
    code: "portal.signature_name",
    article: "xzcf:61(2)",
    messageZh: "签名与本案当事人（或其法定代表人）的姓名、名称不一致，请填写案件文书上的姓名或者名称。",
    messageEn:
      "The name signed is not the party's, nor its legal representative's; write it as the documents have it.",
  };
}

function plain(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s/g, "");
}
