import { describe, expect, it } from "vitest";
import type { CaseFile } from "../casework/case/case-file.ts";
import { takeStep } from "../casework/case/take-step.ts";
import { guidedMove } from "../casework/case/testing/guided-move.ts";
import { Random } from "../casework/case/testing/random.ts";
import { randomMove } from "../casework/case/testing/random-move.ts";
import { randomPlan, walkWorld } from "../casework/case/testing/walk-world.ts";
import type { TestWorld } from "../casework/case/testing/world.ts";
import { addDays, yearOf } from "../casework/clocks/date.ts";
import { composeDocument } from "../casework/documents/compose.ts";
import { type DocumentDraft, documentCodes } from "../casework/documents/document-codes.ts";
import { formatDocumentNumber } from "../casework/documents/document-number.ts";
import { loadTemplates } from "./documents.ts";
import { formalCitation } from "./laws.ts";

const WALKS = 120;
const LONGEST_WALK = 120;
const LAST_DAY = "2027-05-01";

interface Issued {
  readonly draft: DocumentDraft;
  readonly step: string;
  /** Why it could not be made, or what it should not say. */
  readonly fault: string | null;
}

const templates = loadTemplates();

/** Numbers the new documents as the store does, and makes each of them. */
function issue(file: CaseFile, drafts: readonly DocumentDraft[], world: TestWorld, step: string) {
  const numbered = file.documents.map((document, index) => {
    const { mark } = documentCodes[document.code];
    if (document.number !== null || mark === null) return document;
    const parts = { agencyPrefix: "川建（城）", mark, year: yearOf(document.issuedOn), seq: index + 1 };
    return { ...document, number: formatDocumentNumber({ ...parts, zeroPadding: 3 }) };
  });
  const after = {
    ...file,
    caseNo: file.filing?.filedOn == null ? null : "51010401-2026-001",
    documents: numbered,
  };
  return {
    file: after,
    issued: drafts.map((draft) => ({ draft, step, fault: faultOf(draft, after, world) })),
  };
}

function faultOf(draft: DocumentDraft, file: CaseFile, world: TestWorld): string | null {
  const template = templates.on(draft.code, world.today);
  if (template === undefined) return "no template";
  const { agency, matter, parameters, person } = world.facts();
  const result = composeDocument({
    ...{ code: draft.code, template, file, agency, matter, parameters, draft, people: person },
    number: file.documents.find(({ docId }) => docId === draft.docId)?.number ?? null,
    issuedOn: world.today,
    cite: formalCitation,
  });
  if (!result.ok) return result.refusal.messageZh;
  const odd = /\{\{|undefined|null|NaN|\[object|。。|：。|，。|（）/.exec(
    JSON.stringify(result.document.blocks),
  );
  return odd === null ? null : `says ${odd[0]}`;
}

/** One case from its clue as far as it gets, with every document on the way. */
function walk(seed: number): Issued[] {
  const random = new Random(seed);
  const plan = randomPlan(random);
  const world = walkWorld(plan);
  let { file, issued } = issue(
    world.openedCase({ incidentIds: plan.incidents }),
    world.documents,
    world,
    "open",
  );
  for (
    let tried = 0;
    tried < LONGEST_WALK && file.state !== "archived" && world.today < LAST_DAY;
    tried += 1
  ) {
    const scene = { file, plan, world, random };
    const move = random.chance(0.8) ? guidedMove(scene) : randomMove(scene);
    if ("waitDays" in move) {
      world.on(addDays(world.today, move.waitDays));
      continue;
    }
    const result = takeStep(file, move.step, world.actor(move.who, file), world.facts());
    if (!result.ok) continue;
    const next = issue(result.file, result.documents, world, move.step.step);
    file = next.file;
    issued = [...issued, ...next.issued];
  }
  return issued;
}

describe("documents of cases", () => {
  const issued = Array.from({ length: WALKS }, (_, seed) => walk(seed + 1)).flat();

  it("can be made at the step that issues them", () => {
    const faults = issued.flatMap(({ draft, step, fault }) =>
      fault === null ? [] : [`${draft.code} at ${step}: ${fault}`],
    );
    expect([...new Set(faults)].sort()).toEqual([]);
  });

  it("cover what a case can issue", () => {
    const seen = new Set(issued.map(({ draft }) => draft.code));
    for (const code of [
      "D02",
      "D03",
      "D05",
      "D06",
      "D07",
      "D08",
      "D09",
      "D10",
      "D12",
      "D13",
      "D17",
      "D19",
    ] as const)
      expect(seen, code).toContain(code);
  });
});
