import type { CaseFile } from "../../casework/case/case-file.ts";
import { countingEvidence } from "../../casework/case/evidence-standing.ts";
import { composeDocument } from "../../casework/documents/compose.ts";
import { loadTemplates } from "../../config/documents.ts";
import { formalCitation } from "../../config/laws.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { DocumentFacts, DocumentPress } from "../../store/document-press.ts";
import { RefusedError } from "../../store/errors.ts";
import { PressRoom } from "./press-room.ts";

/**
 * The press of this installation: its templates in force on the day of issue, filled in and set as PDF.
 *
 * @param room where they are set; whoever opens one closes it
 */
export function createDocumentPress(room: PressRoom = new PressRoom()): DocumentPress {
  const templates = loadTemplates();
  return async ({ draft, file, facts, number, issuedOn }) => {
    const template = templates.on(draft.code, issuedOn);
    if (template === undefined)
      throw new InvalidInputError("config/catalogue/documents", [
        { path: draft.code, message: `no template is in force on ${issuedOn}` },
      ]);
    const composed = composeDocument({
      code: draft.code,
      template,
      file,
      agency: facts.agency,
      people: facts.person,
      draft,
      number,
      issuedOn,
      matter: facts.matter,
      besideCase: facts.besideCase ?? [],
      ...evidenceThatCounts(file, facts),
      parameters: facts.parameters,
      cite: formalCitation,
    });
    if (!composed.ok) throw new RefusedError(composed.refusal);
    const { document } = composed;
    return {
      title: document.title,
      templateVersion: document.templateVersion,
      data: { ...document.data },
      pdf: await room.typeset(document),
    };
  };
}

/** What is only a clue is not named as evidence. */
function evidenceThatCounts(
  file: CaseFile | null,
  { record }: DocumentFacts,
): { readonly evidenceIds?: readonly string[] } {
  if (file === null || record === undefined) return {};
  return { evidenceIds: countingEvidence(file, { record }).map(({ evidenceId }) => evidenceId) };
}
