import { fine, generalFindings, lightFindings } from "../../case/testing/builders.ts";
import { redactText } from "../../publication/redact.ts";
import {
  BASIS,
  type BadCase,
  bad,
  changed,
  decision,
  fresh,
  good,
  light,
  mandatory,
  present,
  publication,
  raising,
  weighedAs,
} from "./bad-case.ts";
import { goodFacts } from "./good-case.ts";

/** SD and SU: what was decided and what of it is public. */
export const outcomeCases: readonly BadCase[] = [
  // SD01
  bad(
    "a fine above the maximum",
    ["SD01 penalty:doc-decision", "SD02 tier:doc-decision"],
    weighedAs(fine(BASIS, 2_000_100), generalFindings(BASIS)),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a basis of another matter",
    "SD01 penalty:doc-decision",
    weighedAs(fine("road_spill.dqfz-116", 1_000_000), generalFindings(BASIS)),
  ),
  bad(
    "a kind the basis lacks",
    "SD01 penalty:doc-decision",
    weighedAs({ ...decision.penalty, kinds: ["fine", "closure"] }, generalFindings(BASIS)),
  ),
  // SD02
  bad(
    "a fine above its tier",
    "SD02 tier:doc-decision",
    weighedAs(fine(BASIS, 1_400_100), generalFindings(BASIS)),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a fine below its tier",
    "SD02 tier:doc-decision",
    weighedAs(fine(BASIS, 500_000), generalFindings(BASIS)),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a computation changed by hand",
    "SD02 tier:doc-decision",
    weighedAs(fine(BASIS, 1_600_000), generalFindings(BASIS), {
      tier: "heavy",
      lowerFen: 1_400_000,
      upperFen: 2_000_000,
    }),
    () => ({ likeFines: [] }),
  ),
  bad("a penalty nobody weighed", "SD02 unweighed:doc-decision", { findings: null }),
  // SD03
  bad(
    "removed harm that lowered nothing",
    "SD03 penalty:doc-decision",
    weighedAs(decision.penalty, generalFindings(BASIS, { factors: [mandatory] })),
  ),
  bad(
    "sixteen years old and fined as a grown-up",
    "SD03 penalty:doc-decision",
    weighedAs(decision.penalty, generalFindings(BASIS, { ageYears: 16 })),
  ),
  bad(
    "removed harm weighed up to the heavy tier",
    "SD03 penalty:doc-decision",
    weighedAs(
      fine(BASIS, 1_500_000),
      generalFindings(BASIS, {
        factors: [mandatory, raising],
        weighing: { tier: "general", reason: "再次违法" },
      }),
    ),
    () => ({ likeFines: [] }),
  ),
  // SD04
  bad(
    "a corrected minor violation penalised",
    "SD04 penalty:doc-decision",
    weighedAs(fine(BASIS, 200_000), lightFindings(BASIS, { harm: "none" }), light),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a first slight one penalised without a reason",
    "SD04 penalty:doc-decision",
    weighedAs(fine(BASIS, 200_000), lightFindings(BASIS, { exemptionDeclined: " " }), light),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a child penalised",
    "SD04 penalty:doc-decision",
    weighedAs(decision.penalty, generalFindings(BASIS, { ageYears: 13 })),
  ),
  // SD05
  bad("a fine far above like cases", "SD05 penalty:doc-decision", {}, () => ({
    likeFines: [600_000, 610_000, 620_000, 630_000, 640_000],
  })),
  bad("a fine far below like cases", "SD05 penalty:doc-decision", {}, () => ({
    likeFines: [1_300_000, 1_310_000, 1_320_000, 1_330_000, 1_340_000],
  })),
  // SU01
  bad("nobody decided about publication", "SU01 decision:doc-decision", { publication: null }, () => ({
    published: null,
  })),
  // SU02
  bad(
    "a revoked decision still in public",
    "SU02 changed:2026-09-01",
    fresh({ changes: [changed("2026-09-01")] }),
    () => ({ published: null }),
  ),
  bad(
    "a decision held unlawful by the court still in public",
    "SU02 changed:2026-09-01",
    fresh({
      litigations: [
        { filedOn: "2026-06-01", court: "法院", outcome: { kind: "unlawful", on: "2026-09-01" } },
      ],
    }),
  ),
  bad(
    "withdrawn on paper alone",
    "SU02 changed:2026-09-01",
    fresh({
      changes: [{ ...changed("2026-09-01"), kind: "changed", penalty: decision.penalty, by: "court" }],
      publication: {
        ...publication,
        withdrawn: { on: "2026-09-02", reason: "变更", by: "publicity-editor" },
      },
    }),
    () => ({ published: goodFacts(good).published }),
  ),
  // SU03
  bad("a name in public", "SU03 published", {}, () => ({
    published: { text: `${present(goodFacts(good).published).text}张三`, imagesMasked: true },
  })),
  bad("an identity number in public", "SU03 published", {}, () => ({
    published: { text: `${present(goodFacts(good).published).text} 510107198001011234`, imagesMasked: true },
  })),
  bad("a picture with a face in public", "SU03 published", {}, () => ({
    published: { ...present(goodFacts(good).published), imagesMasked: false },
  })),
  // SU04
  bad("another amount in public", "SU04 published", {}, () => ({
    published: {
      text: present(goodFacts(good).published).text.replace("壹万元", "壹仟元"),
      imagesMasked: true,
    },
  })),
  bad("another party in public", "SU04 published", {}, () => ({
    published: {
      text: redactText(present(goodFacts(good).published).text.replace("张某某", "李某某"), null),
      imagesMasked: true,
    },
  })),
  // SU05
  bad("a benchmark that is not public", `SU05 benchmark:${BASIS}`, {}, () => ({ benchmarkPublished: false })),
  bad("a camera that is not in the public list", "SU05 camera:camera-1", {}, () => ({
    cameraListed: () => false,
  })),
];
