import type { z } from "zod";
import type { caseListReply, caseReply, newClueBody, stepReply } from "../../api/schemas/cases.ts";
import type { documentListReply } from "../../api/schemas/documents.ts";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { call } from "./api.ts";

/** The API sends the file as it is kept. */
export type Case = Omit<z.infer<typeof caseReply>, "file"> & { readonly file: CaseFile };
export type CasePage = z.infer<typeof caseListReply>;
export type CaseItem = CasePage["items"][number];
export type CaseDoc = z.infer<typeof documentListReply>["items"][number];
export type StepOutcome = z.infer<typeof stepReply>;
export type NewClue = z.infer<typeof newClueBody>;

const at = encodeURIComponent;
const PAGE = 30;

export const caseApi = {
  list: (state: string, cursor: string | null) =>
    call<CasePage>(
      "GET",
      `/cases?limit=${PAGE}${state === "" ? "" : `&state=${at(state)}`}${cursor === null ? "" : `&cursor=${at(cursor)}`}`,
    ),
  read: (id: string) => call<Case>("GET", `/cases/${at(id)}`),
  register: (clue: object) => call<StepOutcome>("POST", "/cases", clue),
  /** `version`: the one that was seen; refused when somebody changed the case since. */
  take: (id: string, step: object, version: number) =>
    call<StepOutcome>("POST", `/cases/${at(id)}/steps`, step, version),
  documents: (id: string) =>
    call<{ items: CaseDoc[] }>("GET", `/cases/${at(id)}/documents`).then(({ items }) => items),
  voidDocument: (docId: string, reason: string) =>
    call<CaseDoc>("POST", `/documents/${at(docId)}/void`, { reason }),
};

/** Where the browser finds the document as it was issued (PDF). */
export const documentUrl = (docId: string): string => `/api/v1/documents/${at(docId)}/file`;
