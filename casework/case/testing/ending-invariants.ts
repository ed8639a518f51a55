import { addDays, addMonths } from "../../clocks/date.ts";
import { isLate } from "../../clocks/due.ts";
import type { CaseFile } from "../case-file.ts";
import { type Invariants, isLateAfter, owed } from "./moment.ts";
import type { TestWorld } from "./world.ts";

/** What must hold from the decision to the archive. */
export const endingInvariants: Invariants = {
  "a changed decision is never heavier": ({ after }) =>
    after.changes.every(({ penalty }) => (penalty?.fineFen ?? 0) <= (after.decision?.penalty.fineFen ?? 0)),
  "a changed decision keeps to the kinds its provision has": ({ after, world }) =>
    after.changes.every(({ penalty }) =>
      (penalty?.kinds ?? []).every((kind) =>
        world.matter.bases.some((basis) => basis.id === penalty?.basisId && basis.kinds.includes(kind)),
      ),
    ),
  "the surcharge never exceeds the fine, and nobody pays more than both": ({ after, world }) => {
    const due = owed(after, world.today, world);
    const fine = after.decision?.penalty.fineFen ?? 0;
    return due.surchargeFen <= due.fineFen && due.unpaidFen >= 0 && due.paidFen <= 2 * fine;
  },
  "no surcharge while the time to pay runs": ({ after, world }) =>
    after.clocks.every(
      (clock) =>
        clock.kind !== "payment" ||
        clock.state !== "running" ||
        isLate(clock, world.today) ||
        after.payment?.deferral !== null ||
        owed(after, world.today, world).surchargeFen === 0,
    ),
  "performed means paid": ({ before, after, world }) =>
    after.state !== "performed" ||
    before.state === "performed" ||
    owed(after, after.payment?.receipts.at(-1)?.paidOn ?? world.today, world).unpaidFen === 0,
  "no court before the time to sue is over, while a remedy runs, or after its three months": ({
    after,
    step,
    world,
  }) => step.step !== "apply_to_court" || isCourtTime(after, world),
  "no court without an urging served more than ten working days ago": ({ after, step, world }) => {
    if (step.step !== "apply_to_court") return true;
    const servedOn = after.urging?.servedOn ?? null;
    return servedOn !== null && isLateAfter(servedOn, 10, world);
  },
  "a closed case has nothing open": ({ after, step }) =>
    step.step !== "close" ||
    (after.preservations.every(({ resolved }) => resolved !== null) &&
      after.statements.every(({ review }) => review !== null) &&
      after.clocks.every(
        ({ state, duty, kind }) => state !== "running" || duty !== "agency" || kind === "archive",
      ) &&
      (after.decision === null || after.publication !== null)),
  "a changed decision does not stay public in a closed case": ({ after, step }) =>
    step.step !== "close" ||
    after.publication?.publish !== true ||
    after.publication.withdrawn !== null ||
    after.changes.every((change) => change.on <= (after.publication?.on ?? "")),
  "a document is served once, by two officers, and what it is served by is on record": ({
    before,
    after,
    step,
    world,
  }) =>
    step.step !== "serve" ||
    (before.documents.some(({ docId }) => docId === step.docId) &&
      (step.outcome === "failed" ||
        !before.services.some(({ docId, servedOn }) => docId === step.docId && servedOn !== null)) &&
      after.services.slice(before.services.length).every(({ officers }) => new Set(officers).size >= 2) &&
      after.services
        .slice(before.services.length)
        .every(({ officers }) =>
          officers.every((userId) => world.people.get(userId)?.roles.includes("officer")),
        ) &&
      Object.keys(step.details).length > 0),
  "electronically only as the party agreed, publicly only after another way failed": ({ before, step }) => {
    if (step.step !== "serve") return true;
    if (step.method === "electronic")
      return before.addressConfirmation !== null && before.addressConfirmation.revokedOn === null;
    const failed = before.services.some(({ docId, outcome }) => docId === step.docId && outcome === "failed");
    return step.method !== "public_notice" || failed;
  },
  "nobody is late before the last day to pay is over": ({ before, step, world }) => {
    if (step.step !== "mark_overdue") return true;
    const clocks = before.clocks.filter(({ kind, state }) => kind === "payment" && state === "running");
    return clocks.some((clock) => isLate(clock, world.today));
  },
  "only what is owed is urged or asked of a court": ({ before, step, world }) =>
    (step.step !== "urge" && step.step !== "apply_to_court") ||
    owed(before, world.today, world).unpaidFen > 0,
  "instalments come to what is owed": ({ before, step, world }) =>
    step.step !== "grant_deferral" ||
    step.instalments.reduce((total, { amountFen }) => total + amountFen, 0) ===
      owed(before, world.today, world).unpaidFen,
  "a court enforces only what it has ruled to enforce": ({ before, step }) =>
    step.step !== "record_court" ||
    step.kind !== "executed" ||
    before.court?.events.some(({ kind }) => kind === "ruled_enforce") === true,
  "one remedy at a time, after the decision was served; on the spot, review before a suit": ({
    before,
    step,
  }) => {
    if (step.step !== "file_review" && step.step !== "file_suit") return true;
    const open = [...before.reviews, ...before.litigations].some(({ outcome }) => outcome === null);
    const served = before.services.some(
      ({ code, servedOn }) => /^D(03|08|09|17)$/.test(code) && servedOn !== null,
    );
    const reviewed = before.reviews.some(({ outcome }) => outcome !== null && outcome.kind !== "withdrawn");
    return !open && served && (step.step === "file_review" || before.procedure === "ordinary" || reviewed);
  },
  "nothing is published before the party has it": ({ before, step }) =>
    step.step !== "decide_publication" ||
    !step.publish ||
    before.services.some(({ code, servedOn }) => /^D(03|09|17)$/.test(code) && servedOn !== null),
  "only whole files are archived": ({ step, world }) =>
    step.step !== "archive" || world.filesVerified === true,
};

/** Not before the last time to sue or to pay in instalments is over, and within three months and a long holiday after it. */
function isCourtTime(file: CaseFile, { today }: TestWorld): boolean {
  const decisions = [file.decision?.docId, ...file.changes.map(({ docId }) => docId)];
  const served = file.services.flatMap(({ docId, servedOn }) =>
    decisions.includes(docId) ? (servedOn ?? []) : [],
  );
  const firstServed = served.toSorted()[0];
  if (firstServed === undefined || file.reviews.some(({ outcome }) => outcome === null)) return false;
  if (file.litigations.some(({ outcome }) => outcome?.kind !== "withdrawn")) return false;
  const reviewed = file.reviews.flatMap(({ outcome }) =>
    outcome === null || outcome.kind === "withdrawn" ? [] : addDays(outcome.receivedOn, 15),
  );
  const instalments = file.payment?.deferral?.instalments.map(({ dueOn }) => dueOn) ?? [];
  const earliest = [...(reviewed.length > 0 ? reviewed : [addMonths(firstServed, 6)]), ...instalments];
  const latest = [...served.map((day) => addMonths(day, 6)), ...reviewed, ...instalments];
  const from = earliest.toSorted().at(-1) ?? "";
  const to = latest.toSorted().at(-1) ?? "";
  return today > from && today <= addDays(addMonths(to, 3), 20);
}
