import type { CaseFile } from "../case-file.ts";
import { performingCase } from "./performing-case.ts";
import type { TestWorld } from "./world.ts";

/** Not paid by 25 March 2026; the system found it on the next day. The world stays on that day. */
export function overdueCase(world: TestWorld, changes: Partial<CaseFile> = {}): CaseFile {
  return world.on("2026-03-26").take(performingCase(changes), { step: "mark_overdue" }, "system");
}

/** Urged by a letter served on 20 August 2026: its ten working days end on 3 September. */
export function urgedCase(world: TestWorld, changes: Partial<CaseFile> = {}): CaseFile {
  const overdue = overdueCase(world, changes);
  const urged = world.on("2026-08-20").take(overdue, { step: "urge" });
  if (urged.urging === null) throw new Error("the step did not urge");
  const urging = { ...urged.urging, servedOn: "2026-08-20" };
  const services = [
    ...urged.services,
    {
      serviceId: "service-urging",
      docId: urging.docId,
      code: "D12" as const,
      method: "direct" as const,
      attemptedOn: "2026-08-20",
      outcome: "served" as const,
      servedOn: "2026-08-20",
      officers: ["officer-a", "officer-b"],
      details: { receiver: "张三" },
    },
  ];
  return { ...urged, state: "urged", urging, services };
}

/** Applied for on 11 September 2026, the first day on which that is possible. */
export function courtCase(world: TestWorld, changes: Partial<CaseFile> = {}): CaseFile {
  const urged = urgedCase(world, changes);
  return world.on("2026-09-11").take(urged, { step: "apply_to_court", court: world.agency.court }, "leader");
}

/** Paid in time, publication withheld: ready to be closed. */
export function performedCase(world: TestWorld, changes: Partial<CaseFile> = {}): CaseFile {
  world.on("2026-03-25");
  const file = performingCase({
    publication: {
      publish: false,
      reason: "不具有一定社会影响",
      by: "publicity-editor",
      on: "2026-03-10",
      withdrawn: null,
    },
    ...changes,
  });
  return world.take(
    file,
    { step: "record_payment", receiptNo: "R-1", paidOn: "2026-03-25", amountFen: 100_000 },
    "system",
  );
}
