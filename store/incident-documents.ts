import type { LocalDate } from "../casework/clocks/clock.ts";
import type { DocumentCode, DocumentDraft } from "../casework/documents/document-codes.ts";
import { fourTests, type TestAnswers, testNames } from "../casework/incident/review-input.ts";
import { localDate } from "../casework/local-time.ts";
import { type Act, userIdOf } from "./act.ts";
import { type Agency, findAgencyFor, noAgency } from "./agency-store.ts";
import type { CaseTools } from "./case-store.ts";
import type { DocumentFacts } from "./document-press.ts";
import { type IssuedDocument, issueDocument } from "./document-store.ts";
import { RefusedError } from "./errors.ts";
import { type IncidentWords, readIncidentWords } from "./incident-words.ts";
import { readParameterSettings } from "./parameter-store.ts";
import type { Queryable, Tx } from "./pool.ts";
import { readPeople } from "./step-facts.ts";
import { readUnrecordedWarnings } from "./warning-records.ts";

/**
 * Issues a numbered document about an incident that has no case (an order to correct, the notice of a record).
 * Throws `RefusedError` where no agency is on record, or a field is missing.
 */
export async function issueIncidentDocument(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  incidentId: string,
  code: DocumentCode,
  fields: DocumentDraft["fields"],
): Promise<IssuedDocument> {
  const words = await readIncidentWords(tx, incidentId);
  const agency = await findAgencyFor(tx, words.region);
  if (agency === undefined) throw new RefusedError(noAgency(words.region));
  return issue(tx, act, tools, { incidentId, words, agency, code, fields });
}

/**
 * Issues a form about an incident: a call-up (N23), the notice of a record (D16). Null where no agency is on record: what it
 * tells of happened all the same. Throws `RefusedError` where a field is missing.
 */
export async function issueIncidentForm(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  incidentId: string,
  form: Pick<DocumentDraft, "code" | "replaces"> & {
    readonly fields: (words: IncidentWords, agency: Agency) => DocumentDraft["fields"];
  },
): Promise<IssuedDocument | null> {
  const words = await readIncidentWords(tx, incidentId);
  const agency = await findAgencyFor(tx, words.region);
  if (agency === undefined) return null;
  return issue(tx, act, tools, { incidentId, words, agency, ...form, fields: form.fields(words, agency) });
}

/**
 * Makes the record (W01) of each warning of an incident that has none: 教育 is part of how it ended. Null where no agency is on
 * record; what ended has ended all the same.
 */
export async function issueWarningRecords(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  incidentId: string,
): Promise<IssuedDocument[] | null> {
  const words = await readIncidentWords(tx, incidentId);
  const agency = await findAgencyFor(tx, words.region);
  if (agency === undefined) return null;
  const issued: IssuedDocument[] = [];
  for (const { warningId, fields } of await readUnrecordedWarnings(tx, incidentId, words)) {
    const record = await issue(tx, act, tools, { incidentId, words, agency, code: "W01", fields });
    await tx.query("update warnings set record_doc_id = $2 where warnings.id = $1", [
      warningId,
      record.docId,
    ]);
    issued.push(record);
  }
  return issued;
}

async function issue(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  of: Pick<DocumentDraft, "code" | "replaces" | "fields"> & {
    readonly incidentId: string;
    readonly words: IncidentWords;
    readonly agency: Agency;
  },
): Promise<IssuedDocument> {
  const { incidentId, words, agency, code, fields, replaces } = of;
  const facts = {
    ...(await documentFacts(tx, act, tools, agency)),
    matter: tools.book.matterOn(words.violation, words.actOn, localDate(act.at)),
  };
  const draft = {
    docId: act.newId("doc"),
    code,
    fields: { ...words.fields, ...words.camera, ...fields },
    ...(replaces === undefined ? {} : { replaces }),
  };
  return issueDocument(tx, act, tools, { draft, file: null, incidentId, facts });
}

/** What a document outside any case is filled from, but for its matter. */
export async function documentFacts(
  tx: Tx,
  act: Act,
  { book }: Pick<CaseTools, "book">,
  agency: Agency,
): Promise<DocumentFacts> {
  const today: LocalDate = localDate(act.at);
  const userId = userIdOf(act.actor);
  const people = await readPeople(tx, userId === null ? [] : [userId], agency.region);
  return {
    today,
    parameters: book.parametersOn(today, await readParameterSettings(tx)),
    agency,
    matter: null,
    person: (id) => people.get(id),
  };
}

/**
 * What of an incident belongs in the file of its case: how its record was reviewed (N07), and each warning that was given
 * and has no record yet (W01).
 */
export async function draftsFromIncident(
  db: Queryable,
  incidentId: string,
  newId: Act["newId"],
): Promise<DocumentDraft[]> {
  const words = await readIncidentWords(db, incidentId);
  const review = await readReview(db, incidentId);
  const warnings = await readUnrecordedWarnings(db, incidentId, words);
  return [
    ...(review === undefined ? [] : [{ code: "N07" as const, fields: reviewFields(review, words) }]),
    ...warnings.map(({ fields }) => ({ code: "W01" as const, fields })),
  ].map((draft) => ({ docId: newId("doc"), ...draft }));
}

interface ReviewRow {
  readonly name: string;
  readonly tests: TestAnswers;
  readonly at: Date;
}

async function readReview(db: Queryable, incidentId: string): Promise<ReviewRow | undefined> {
  const { rows } = await db.query<ReviewRow>(
    `select users.display_name as name, reviews.tests, reviews.at
     from reviews join users on users.id = reviews.reviewer
     where reviews.incident_id = $1 and reviews.verdict = 'confirmed'`,
    [incidentId],
  );
  return rows[0];
}

function reviewFields({ name, tests, at }: ReviewRow, words: IncidentWords): DocumentDraft["fields"] {
  const answers = Object.fromEntries(
    testNames.map((test) => {
      const field = `test${test[0]?.toUpperCase()}${test.slice(1)}`;
      const given = tests[test];
      const no = given?.answer === "no" ? `：${given.reason}` : "";
      return [field, given?.answer === "yes" ? `是，${fourTests[test].zh}` : `否${no}`];
    }),
  );
  return {
    ...words.fields,
    ...words.camera,
    ...answers,
    conclusion: "审核确认，可以作为线索或者证据使用",
    contentReviewer: name,
    recordReviewedOn: localDate(at.getTime()),
  };
}
