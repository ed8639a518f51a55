import { caseTableMarkdown, groupsMarkdown } from "./case-table.ts";
import { documentTableMarkdown } from "./document-table.ts";
import { guardTableMarkdown } from "./guard-table.ts";
import { parameterTableMarkdown } from "./parameter-table.ts";

/** A part of a page of the documentation that the code itself can tell. */
export interface GeneratedBlock {
  /** Relative to the repository. */
  readonly file: string;
  /** Of the marks around it. */
  readonly name: string;
  readonly make: () => string | Promise<string>;
}

export const generatedBlocks: readonly GeneratedBlock[] = [
  { file: "docs/casework.md", name: "state-groups", make: groupsMarkdown },
  { file: "docs/casework.md", name: "case-table", make: caseTableMarkdown },
  { file: "docs/casework.md", name: "guards", make: guardTableMarkdown },
  { file: "docs/documents.md", name: "documents", make: documentTableMarkdown },
  { file: "docs/parameters.md", name: "parameters", make: parameterTableMarkdown },
];
