import type { Actor } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";

/** Everyone who has investigated this case: who handles it, brought evidence or asked for its filing or decision. */
export function investigators(file: CaseFile): string[] {
  const people = [
    ...file.handlers,
    ...file.evidence.map(({ addedBy }) => addedBy),
    file.filing?.submittedBy,
    file.decisionProposal?.submittedBy,
  ];
  return [...new Set(people.filter((person) => typeof person === "string"))];
}

/** A granted recusal (行政处罚法 43) keeps this person away from the case. */
export function isRecused(file: CaseFile, personId: string): boolean {
  return file.recusals.some((recusal) => recusal.personId === personId && recusal.decision?.granted === true);
}

/** Name of whoever acts, for the file: a user id, `party`, or the system's part. */
export function actorName(actor: Actor): string {
  if (actor.kind === "user") return actor.userId;
  return actor.kind === "party" ? "party" : actor.name;
}
