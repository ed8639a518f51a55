import type { PenaltyKind } from "../discretion/penalty.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { penaltyInForce } from "./decision-in-force.ts";

/** Done with the decision itself or with the payment; the others somebody has to see to. */
const WITHOUT_FURTHER_DUTY: readonly PenaltyKind[] = ["warning", "criticism", "fine"];

/** An order to correct that nobody has checked again, or whose last check found nothing corrected. */
export function refuseOpenDuty(file: CaseFile): Refusal | null {
  // One that never reached the party obliges nobody.
  const orders = file.orders.filter(({ servedOn, recheck }) => servedOn !== null || recheck !== null);
  if (orders.some(({ recheck }) => recheck === null)) {
    return {
      code: "performance.order_not_rechecked",
      article: "xzcf:28(1)",
      messageZh: "还有责令改正未复查，请先登记复查情况。",
      messageEn: "An order to correct has not been checked again; record the check first.",
    };
  }
  if (orders.at(-1)?.recheck?.corrected === false) {
    return {
      code: "performance.not_corrected",
      article: "xzcf:28(1)",
      messageZh: "复查时违法行为尚未改正，不能确认履行完毕，请督促改正后重新复查。",
      messageEn: "The last check found the violation uncorrected; see to its correction and check again.",
    };
  }
  return null;
}

/** More than money: a person has to confirm that it was done. */
export function hasOtherDuties(file: CaseFile): boolean {
  const kinds = penaltyInForce(file)?.kinds ?? [];
  return kinds.some((kind) => !WITHOUT_FURTHER_DUTY.includes(kind)) || refuseOpenDuty(file) !== null;
}
