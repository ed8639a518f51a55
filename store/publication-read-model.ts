import type { CaseFile } from "../casework/case/case-file.ts";
import type { Queryable } from "./pool.ts";

const PUBLISHED = "cases.file #>> '{publication,publish}' = 'true'";

/**
 * Files of the cases that a person decided to publish, withdrawn ones too, latest decision first. They are whole files: only
 * what `publicDecision` makes of them may leave the house.
 */
export async function listPublishedCases(
  db: Queryable,
  query: { readonly limit: number; readonly offset: number },
): Promise<CaseFile[]> {
  const { rows } = await db.query<{ file: CaseFile }>(
    `select cases.file from cases where ${PUBLISHED}
     order by cases.decided_on desc nulls last, cases.id desc limit $1 offset $2`,
    [query.limit, query.offset],
  );
  return rows.map(({ file }) => file);
}

/** Undefined for a case that is not published, whether or not there is one. */
export async function findPublishedCase(db: Queryable, caseId: string): Promise<CaseFile | undefined> {
  const { rows } = await db.query<{ file: CaseFile }>(
    `select cases.file from cases where cases.id = $1 and ${PUBLISHED}`,
    [caseId],
  );
  return rows[0]?.file;
}
