import type { DocumentSource } from "../source.ts";
import type { FieldValues } from "../template.ts";

/** The agency that issues the document, and the document itself. */
export function agencyFields({ agency, number, issuedOn, matter }: DocumentSource): FieldValues {
  return {
    agencyName: agency.zh,
    agencyAddress: agency.address,
    agencyPhone: agency.phone,
    reviewBody: agency.reviewBody,
    courtName: agency.court,
    payee: agency.payee,
    // Where nobody knows yet who the party is.
    you: "你（单位）",
    number,
    issuedOn,
    violation: matter?.zh ?? null,
    matterCode: matter?.matterCode ?? null,
  };
}
