import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { Penalty, PenaltyBasis } from "../../discretion/penalty.ts";
import type { CaseFile } from "../case-file.ts";
import type { StepContext } from "../engine.ts";
import type { CaseStep } from "../step-input.ts";
import {
  fine,
  generalFindings,
  matter,
  streetVendingBasis,
  unitParty,
  warningOnly,
} from "../testing/builders.ts";
import { submitted, windowsOver } from "../testing/decided-case.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { hearingSet, noticedCase, ordered } from "../testing/noticed-case.ts";
import type { TestWorld } from "../testing/world.ts";

const issueNotice: CaseStep = { step: "issue_notice" };
const decide: CaseStep = { step: "decide", reasons: "事实清楚" };

/** Submitting what was noticed, in a file made this way. */
const submitting =
  (make: (world: TestWorld) => CaseFile, penalty?: (world: TestWorld) => Penalty): GuardCase["passes"] =>
  (world) => {
    const file = make(world);
    const proposal = penalty?.(world) ?? file.notice?.proposal ?? fine(world.basisId, 0);
    return world.context(file, { step: "submit_decision", penalty: proposal });
  };

/** The investigated case with a basis like this, about to be noticed. */
const noticing =
  (basis: Partial<PenaltyBasis>, change: (file: CaseFile) => CaseFile = (file) => file) =>
  (world: TestWorld): StepContext => {
    const file = world.investigatedCase();
    world.matter = matter(streetVendingBasis(basis));
    return world.context(change(file), issueNotice);
  };

const found =
  (findings: Partial<DiscretionFindings>): GuardCase["passes"] =>
  (world) =>
    world.context(world.investigatedCase(world.findings(findings)), issueNotice);

/** No harm, not corrected when the investigation ended; the order of 12 January found obeyed on that day. */
const reChecked =
  (on: string): GuardCase["passes"] =>
  (world) => {
    const file = ordered(world, world.investigatedCase(generalFindings(world.basisId, { harm: "none" })));
    const [order] = file.orders;
    const recheck = {
      step: "recheck_order",
      orderId: order?.orderId ?? "",
      corrected: true,
      note: "已撤",
    } as const;
    return world.context(world.on(on).take(file, recheck), issueNotice);
  };

/** A basis that punishes only who is absent or refuses; not corrected. */
const refusing = (refused: DiscretionFindings["refused"]): GuardCase["passes"] =>
  noticing({ precondition: "refuses" }, (file) => ({
    ...file,
    findings: file.findings === null ? null : { ...file.findings, corrected: false, refused },
  }));

/** The act was on 4 January 2026; from February there is another law. */
const lawOf = (old: Partial<PenaltyBasis>, ...newer: PenaltyBasis[]) => {
  const inWorld = (world: TestWorld): StepContext => {
    const file = submitted(world, windowsOver(world));
    world.matter = { ...matter(streetVendingBasis(old)), bases: [streetVendingBasis(old), ...newer] };
    return world.on("2026-02-02").context(file, decide, "leader");
  };
  return inWorld;
};
const newLaw = (maxFen: number) =>
  streetVendingBasis({ id: "street_vending.new", maxFen, validFrom: "2026-02-01" });

const adopted = (world: TestWorld): CaseFile => {
  let file = noticedCase(world);
  file = world.take(
    file,
    { step: "receive_statement", about: "notice", text: "已赔偿受损的花坛", via: "window" },
    "party",
  );
  const statementId = file.statements[0]?.statementId ?? "";
  return world.take(file, { step: "review_statement", statementId, outcome: "adopted", reason: "经核属实" });
};

export const cases: readonly GuardCase[] = [
  {
    guard: "basis_verified",
    passes: noticing({}),
    refused: noticing({ verifiedOn: null, verifiedBy: null }),
    code: "discretion.basis_unverified",
  },
  {
    guard: "basis_verified",
    about: "the law of the day of the act",
    passes: noticing({ validFrom: "2026-01-04" }),
    refused: noticing({ validFrom: "2026-01-05" }),
    code: "law.not_in_force",
  },
  {
    guard: "basis_verified",
    about: "a later law counts where it is lighter",
    passes: lawOf({ validTo: "2026-01-31" }, newLaw(3_000_000)),
    refused: lawOf({ validTo: "2026-01-31" }, newLaw(1_000_000)),
    code: "law.lighter_now",
  },
  {
    guard: "basis_verified",
    about: "a law that has ended needs a look at what came after",
    passes: lawOf({ validTo: "2026-02-02" }),
    refused: lawOf({ validTo: "2026-02-01" }),
    code: "law.ended",
  },
  {
    guard: "basis_verified",
    about: "of the matter's bases",
    passes: noticing({}),
    refused: noticing({ id: "another" }),
    code: "law.basis_unknown",
  },
  {
    guard: "parameters_confirmed",
    passes: noticing({}),
    refused: (world) => {
      world.unconfirmed = ["hearing.threshold.person"];
      return noticing({})(world);
    },
    code: "parameters.unconfirmed",
  },
  {
    guard: "parameters_confirmed",
    about: "of the party's kind",
    passes: (world) => {
      world.unconfirmed = ["hearing.threshold.unit"];
      return noticing({})(world);
    },
    refused: (world) => {
      world.unconfirmed = ["hearing.threshold.unit"];
      return noticing({}, (file) => ({ ...file, party: unitParty() }))(world);
    },
    code: "parameters.unconfirmed",
  },
  {
    guard: "parameters_confirmed",
    about: "what only a decision tells is asked only then",
    passes: (world) => {
      world.unconfirmed = ["payment.period"];
      return noticing({})(world);
    },
    refused: (world) => {
      const file = submitted(world, windowsOver(world));
      world.unconfirmed = ["payment.period"];
      return world.context(file, decide, "leader");
    },
    code: "parameters.unconfirmed",
  },
  {
    guard: "not_minor_corrected",
    about: "minor, corrected, no harm: must not",
    passes: found({ harm: "slight" }),
    refused: found({ harm: "none" }),
    code: "penalty.must_not",
  },
  {
    guard: "not_minor_corrected",
    about: "first, slight, corrected: only for a reason",
    passes: found({}),
    refused: found({ exemptionDeclined: null }),
    code: "penalty.exemption_open",
  },
  {
    guard: "not_minor_corrected",
    about: "no fault",
    passes: found({}),
    refused: found({ faultDisproved: true }),
    code: "penalty.must_not",
  },
  {
    guard: "not_minor_corrected",
    about: "put right within the order's time after the investigation",
    passes: reChecked("2026-01-13"),
    refused: reChecked("2026-01-12"),
    code: "penalty.must_not",
  },
  {
    guard: "amount_in_range",
    about: "not above the statute's",
    passes: noticing({ maxFen: 200_000 }),
    refused: noticing({ maxFen: 199_900 }),
    code: "penalty.out_of_range",
  },
  {
    guard: "amount_in_range",
    about: "of a kind that the basis has",
    passes: noticing({ kinds: ["warning", "fine"] }),
    refused: noticing({ kinds: ["warning"] }),
    code: "penalty.kind_not_allowed",
  },
  {
    guard: "amount_in_range",
    about: "for this kind of party",
    passes: noticing({ subjectKind: "person" }),
    refused: noticing({ subjectKind: "unit" }),
    code: "penalty.wrong_subject",
  },
  {
    guard: "amount_in_range",
    about: "an order first, where the basis wants one",
    passes: noticing({ precondition: "order_not_obeyed" }, (file) => ({
      ...file,
      orders: [
        {
          orderId: "order-1",
          docId: "doc-order",
          what: "清除",
          dueOn: "2026-01-04",
          servedOn: "2026-01-04",
          recheck: { on: "2026-01-05", corrected: false, note: "仍在经营" },
        },
      ],
    })),
    refused: noticing({ precondition: "order_not_obeyed" }),
    code: "penalty.order_first",
  },
  {
    guard: "amount_in_range",
    about: "not put right is not refused: who refuses or is absent has to be found so",
    passes: refusing({ evidenceIds: ["evidence-1"] }),
    refused: refusing(null),
    code: "penalty.refusal_first",
  },
  {
    guard: "amount_explained",
    about: "what was computed, and no other",
    passes: submitting(windowsOver),
    refused: submitting(windowsOver, ({ basisId }) => fine(basisId, 150_000)),
    code: "penalty.amount_unexplained",
  },
  {
    guard: "amount_explained",
    about: "lower where what the party said was adopted",
    passes: submitting(adopted, ({ basisId }) => fine(basisId, 150_000)),
    refused: submitting(adopted, ({ basisId }) => fine(basisId, 250_000)),
    code: "penalty.amount_unexplained",
  },
  {
    guard: "amount_explained",
    about: "a warning in place of a fine only in the light tier",
    passes: submitting(windowsOver, ({ basisId }) => warningOnly(basisId)),
    refused: submitting(hearingSet, ({ basisId }) => warningOnly(basisId)),
    code: "penalty.outside_tier",
  },
  {
    guard: "amount_explained",
    about: "nothing where the weighing says none",
    passes: found({}),
    refused: found({ harm: "none" }),
    code: "penalty.none_due",
  },
  {
    guard: "amount_explained",
    about: "outside the tier only with the departure it was weighed with",
    passes: (world) =>
      world.context(
        world.investigatedCase(
          generalFindings(world.basisId, { fractionPermille: 200, departure: "生活特别困难" }),
        ),
        issueNotice,
      ),
    refused: (world) =>
      world.context(world.investigatedCase(generalFindings(world.basisId)), {
        step: "issue_notice",
        penalty: fine(world.basisId, 400_000),
      }),
    code: "penalty.outside_tier",
  },
];
