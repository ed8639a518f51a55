import type { LocalDate } from "../clocks/clock.ts";
import type { CaseFile } from "./case-file.ts";
import { endClocks } from "./end-clocks.ts";
import { without } from "./overlays.ts";

/** What ends once nothing is owed any more: the time to pay or to hand in, the urging, and the way to the court. */
export function paidOff(file: CaseFile, on: LocalDate): Pick<CaseFile, "clocks" | "overlays"> {
  const paid = endClocks(file.clocks, ["payment", "cash_handover"], "met", on);
  return {
    clocks: endClocks(
      paid,
      ["urging", "court_window", "court_acceptance", "court_ruling", "court_objection"],
      "stopped",
      on,
    ),
    overlays: without(file.overlays, "deferred_payment"),
  };
}
