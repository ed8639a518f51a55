import type { LocalDate } from "../../clocks/clock.ts";
import { endClock } from "../../clocks/due.ts";
import type { CaseFile } from "../case-file.ts";
import { endPublicNotice } from "./end-public-notice.ts";

/**
 * What becomes of the file when the investigation goes on: the notice joins the former ones, and with it goes what rested
 * on it: windows, hearing and proposal. Opinions and discussions stay on file but are of the former notice, so they no
 * longer count.
 */
export function backToInvestigation(file: CaseFile, today: LocalDate): Partial<Omit<CaseFile, "state">> {
  const { notice, investigation } = file;
  return {
    notice: null,
    formerNotices: notice === null ? file.formerNotices : [...file.formerNotices, notice],
    services: endPublicNotice(file.services, notice?.docId, today),
    hearing: null,
    decisionProposal: null,
    investigation: investigation === null ? null : { ...investigation, concludedOn: null },
    clocks:
      notice === null
        ? file.clocks
        : endClock(
            endClock(file.clocks, "statement", notice.docId, "stopped", today),
            "hearing_request",
            notice.docId,
            "stopped",
            today,
          ),
  };
}
