import { createHmac } from "node:crypto";

/** Whom something is about, for comparing only. */
export type SubjectOf =
  | { readonly kind: "plate"; readonly plate: string }
  | { readonly kind: "party"; readonly partyId: string };

/**
 * A key that is the same for the same plate or registered party, and tells nothing without the installation's secret:
 * repeats are counted without a register of plates. 64 hex digits.
 */
export function subjectKey(secret: string, subject: SubjectOf): string {
  const named = subject.kind === "plate" ? normalPlate(subject.plate) : subject.partyId;
  return createHmac("sha256", secret)
    .update(`forewarn-warning-subject\n${subject.kind}\n${named}`)
    .digest("hex");
}

/** As it is compared: no dots, dashes or blanks, upper case. */
export function normalPlate(plate: string): string {
  return plate
    .normalize("NFKC")
    .replaceAll(/[\s·・.-]/g, "")
    .toUpperCase();
}
