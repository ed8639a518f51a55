import type { LocalDate } from "../clocks/clock.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import type { Penalty } from "../discretion/penalty.ts";
import type { Fen } from "../money.ts";
import type {
  CourtEventKind,
  EvidenceKind,
  EvidenceSource,
  Party,
  ReviewOfDecision,
  ServiceMethod,
} from "./case-file.ts";

/** One step of a case with what it needs. Dates are when it happened; they never lie in the future. */
export type CaseStep =
  // The clue and the file (C01–C03)
  | { readonly step: "extend_verification"; readonly reason: string }
  | { readonly step: "set_party"; readonly party: Party }
  | { readonly step: "assign_officers"; readonly officers: readonly string[] }
  | {
      readonly step: "add_evidence";
      readonly kind: EvidenceKind;
      readonly title: string;
      readonly incidentId: string | null;
      readonly sha256: string | null;
      /** `agency` unless said otherwise. */
      readonly from?: EvidenceSource;
    }
  | { readonly step: "verify_evidence"; readonly evidenceId: string; readonly note: string }
  | { readonly step: "withdraw_evidence"; readonly evidenceId: string; readonly reason: string }
  | {
      readonly step: "submit_filing";
      readonly summary: string;
      /** Life, health or finance was harmed, and there is damage (行政处罚法 36): five years instead of two. */
      readonly seriousHarm?: boolean | undefined;
    }
  | { readonly step: "endorse_filing" }
  | { readonly step: "approve_filing" }
  | { readonly step: "decline_filing"; readonly reason: string; readonly complaintAnswer: string | null }
  // Investigation (C04–C09)
  | {
      readonly step: "start_investigation";
      readonly certificateShown: boolean;
      readonly recusalAsked: boolean;
    }
  | {
      readonly step: "summon";
      readonly at: string;
      readonly place: string;
      readonly videoLink: string | null;
      readonly papers: string;
    }
  | {
      readonly step: "record_interview";
      readonly person: string;
      readonly identityChecked: boolean;
      readonly rightsTold: boolean;
      readonly text: string;
      readonly signed: "signed" | "refused";
      readonly recording: string | null;
    }
  | {
      readonly step: "record_inspection";
      readonly place: string;
      readonly text: string;
      readonly partyPresent: boolean;
      readonly signed: "signed" | "refused" | "absent";
    }
  | {
      readonly step: "record_extraction";
      readonly evidenceId: string;
      readonly method: string;
      readonly proves: string;
    }
  | { readonly step: "ask_recusal"; readonly personId: string; readonly reason: string }
  | { readonly step: "decide_recusal"; readonly recusalId: string; readonly granted: boolean }
  | { readonly step: "preserve_evidence"; readonly items: readonly string[]; readonly reason: string }
  | { readonly step: "resolve_preservation"; readonly preservationId: string; readonly outcome: string }
  | { readonly step: "order_correction"; readonly what: string; readonly dueOn: LocalDate }
  | {
      readonly step: "recheck_order";
      readonly orderId: string;
      readonly corrected: boolean;
      readonly note: string;
    }
  | { readonly step: "ask_assistance"; readonly receiver: string; readonly request: string }
  | { readonly step: "suspend"; readonly reason: string }
  | { readonly step: "resume"; readonly reason: string }
  | { readonly step: "conclude_investigation"; readonly findings: DiscretionFindings }
  | { readonly step: "reopen_investigation"; readonly reason: string }
  | { readonly step: "decide_no_penalty"; readonly reason: string; readonly education: string }
  | { readonly step: "dismiss"; readonly reason: string }
  | { readonly step: "terminate"; readonly reason: string }
  | {
      readonly step: "transfer";
      readonly to: "agency" | "judicial";
      readonly receiver: string;
      readonly reason: string;
    }
  // Notice, defence, hearing (C10–C12)
  | {
      readonly step: "issue_notice";
      /** Where the proposal is not the computed fine: a warning instead of it, something else beside it. */
      readonly penalty?: Penalty | undefined;
    }
  | {
      readonly step: "receive_statement";
      readonly about: "notice" | "urging" | "record";
      readonly text: string;
      readonly via: "portal" | "window" | "letter" | "oral";
    }
  | {
      readonly step: "review_statement";
      readonly statementId: string;
      readonly outcome: "adopted" | "partly_adopted" | "not_adopted";
      readonly reason: string;
    }
  | { readonly step: "waive_window"; readonly note: string }
  | { readonly step: "request_hearing" }
  | {
      readonly step: "schedule_hearing";
      readonly on: LocalDate;
      readonly time: string;
      readonly place: string;
      readonly hostId: string;
      readonly public: boolean;
    }
  | {
      readonly step: "conclude_hearing";
      readonly outcome: "held" | "no_show" | "withdrawn";
      readonly report: string;
    }
  // Review, discussion, decision (C13–C15)
  | { readonly step: "submit_legal_review" }
  | { readonly step: "conclude_legal_review"; readonly opinion: "agree" | "return"; readonly note: string }
  | { readonly step: "submit_discussion" }
  | {
      readonly step: "conclude_discussion";
      readonly members: readonly string[];
      readonly conclusion: "agree" | "disagree";
      readonly note: string;
    }
  | { readonly step: "submit_decision"; readonly penalty: Penalty }
  | { readonly step: "endorse_decision" }
  | { readonly step: "decide"; readonly reasons: string }
  | { readonly step: "return_decision"; readonly reason: string }
  | {
      readonly step: "extend_decision";
      readonly afterDiscussion: boolean;
      /** Who discussed it, where it was discussed. */
      readonly members: readonly string[];
      readonly reason: string;
    }
  | {
      readonly step: "decide_on_the_spot";
      readonly penalty: Penalty;
      readonly findings: DiscretionFindings;
      readonly factsTold: boolean;
      readonly partyHeard: string;
      readonly certificateShown: boolean;
      readonly presence: "in_person" | "at_window" | "verified_video";
      readonly signed: "signed" | "refused";
      readonly collectedOnSpot: "no" | "small_fine" | "hard_to_collect" | "remote_area";
      /** Why it would be hard to collect later; or that the party asked for it, in a remote area. */
      readonly collectionReason?: string | null;
    }
  // Service (C16) and performance (C17–C20)
  | {
      readonly step: "confirm_address";
      readonly channels: readonly { readonly channel: string; readonly address: string }[];
      readonly signedOn: LocalDate;
    }
  | { readonly step: "revoke_address" }
  | {
      readonly step: "serve";
      readonly docId: string;
      readonly method: ServiceMethod;
      readonly attemptedOn: LocalDate;
      readonly outcome: "served" | "failed";
      /** The day the law counts from: signed, left, arrived, on the slip, or posted for a public notice. */
      readonly on: LocalDate;
      readonly officers: readonly string[];
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly step: "complete_public_notice"; readonly serviceId: string }
  | {
      readonly step: "grant_deferral";
      readonly instalments: readonly { readonly dueOn: LocalDate; readonly amountFen: Fen }[];
      readonly reason: string;
    }
  | {
      readonly step: "record_payment";
      readonly receiptNo: string;
      readonly paidOn: LocalDate;
      readonly amountFen: Fen;
    }
  | { readonly step: "confirm_performance"; readonly note: string }
  | { readonly step: "mark_overdue" }
  // Urging and court (C21–C25)
  | { readonly step: "urge" }
  | { readonly step: "apply_to_court"; readonly court: string }
  | {
      readonly step: "record_court";
      readonly kind: CourtEventKind;
      readonly on: LocalDate;
      readonly note: string;
    }
  // Remedies and change (C29)
  | { readonly step: "file_review"; readonly filedOn: LocalDate; readonly via: ReviewOfDecision["via"] }
  | { readonly step: "forward_review" }
  | {
      readonly step: "end_review";
      readonly kind: "upheld" | "changed" | "revoked" | "unlawful" | "withdrawn";
      readonly receivedOn: LocalDate;
      /** What shows it, where the party withdrew. */
      readonly note?: string | null;
    }
  | { readonly step: "file_suit"; readonly filedOn: LocalDate; readonly court: string }
  | {
      readonly step: "end_suit";
      readonly kind: "upheld" | "changed" | "revoked" | "unlawful" | "void" | "withdrawn";
      readonly on: LocalDate;
      readonly note?: string | null;
    }
  | {
      readonly step: "change_decision";
      readonly by: "agency" | "review_body" | "court";
      readonly kind: "changed" | "revoked" | "unlawful" | "void";
      readonly reason: string;
      readonly penalty: Penalty | null;
    }
  // Publication, closing, archive (C26–C28)
  | { readonly step: "decide_publication"; readonly publish: boolean; readonly reason: string }
  | { readonly step: "withdraw_publication"; readonly reason: string }
  | { readonly step: "request_closing" }
  | { readonly step: "endorse_closing" }
  | { readonly step: "close" }
  | { readonly step: "archive" };

export type StepName = CaseStep["step"];
type StepsByName = { readonly [Step in CaseStep as Step["step"]]: Step };
/** An index and not `Extract`, so that what is about one step passes where any step does. */
export type StepOf<Name extends StepName> = StepsByName[Name];
