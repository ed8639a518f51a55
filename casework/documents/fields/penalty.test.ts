import { expect, it } from "vitest";
import type { Parameters } from "../../parameters.ts";
import { sampleSource } from "../testing/sample-case.ts";
import { penaltyFields } from "./penalty.ts";

it("cites to a small trader what is broken by a person, as the penalty will be", () => {
  const source = sampleSource("D02", { decision: null, decisionProposal: null, notice: null });
  const { file, matter } = source;
  if (file === null || file.party === null || matter === null) throw new Error("the sample is about a case");
  const [basis] = matter.bases;
  if (basis === undefined) throw new Error("the sample's matter has no basis");
  const bases = [
    { ...basis, id: "of-persons", subjectKind: "person" as const, forbids: { law: "djaq", article: "56" } },
    { ...basis, id: "of-units", subjectKind: "unit" as const, forbids: { law: "dqfz", article: "70" } },
  ];
  const forbids = (kind: "individual_business" | "legal_person") =>
    penaltyFields({
      ...source,
      file: {
        ...file,
        ...{ party: { ...file.party, kind } as NonNullable<typeof file.party>, computation: null },
        ...{ decision: null, decisionProposal: null, notice: null, findings: null },
      },
      matter: { ...matter, bases },
      cite: ({ law, article }) => `《${law}》第${article}条`,
      parameters: { get: () => null, isConfirmed: () => true } as unknown as Parameters,
    }).forbids;
  expect(forbids("individual_business")).toContain("djaq");
  expect(forbids("individual_business")).not.toContain("dqfz");
  expect(forbids("legal_person")).toContain("dqfz");
});
