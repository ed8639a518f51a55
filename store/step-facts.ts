import { cameraFaults } from "../casework/camera/compliance.ts";
import { useAuthorityOn } from "../casework/camera/use-authority.ts";
import type { CaseFile, Party } from "../casework/case/case-file.ts";
import { isSameParty } from "../casework/case/party-key.ts";
import type { CameraRecord, EarlierDecision, PersonFacts, StepFacts } from "../casework/case/step-facts.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { DecidedCase } from "../casework/discretion/like-cases.ts";
import type { IncidentState } from "../casework/incident/incident-lifecycle.ts";
import type { LawBook } from "../casework/law-book.ts";
import { localDate } from "../casework/local-time.ts";
import type { Parameters } from "../casework/parameters.ts";
import { regionCovers, regionPrefix } from "../casework/region.ts";
import type { RoleId } from "../casework/roles.ts";
import type { Act } from "./act.ts";
import { readAgency } from "./agency-store.ts";
import { readCameraRecordsOf } from "./camera-compliance-read-model.ts";
import { readParameterSettings } from "./parameter-store.ts";
import type { Queryable } from "./pool.ts";

export interface FactsInput {
  readonly book: LawBook;
  /** Further people and incidents the step names, who are not in the file yet. */
  readonly people?: readonly string[];
  readonly incidents?: readonly string[];
  readonly filesVerified?: boolean | null;
}

/** A case, or what there is of one that is just being opened. */
type Known = Partial<CaseFile> &
  Pick<CaseFile, "caseId" | "agency" | "region" | "violation" | "act" | "incidentIds">;

/** Everything a step of this case is judged by, as it is now. Read it while the case is locked. */
export async function readStepFacts(
  db: Queryable,
  act: Act,
  file: Known,
  input: FactsInput,
): Promise<StepFacts> {
  const today = localDate(act.at);
  const parameters = input.book.parametersOn(today, await readParameterSettings(db));
  const people = await readPeople(
    db,
    [...peopleOf(file), ...(input.people ?? []), ...actorId(act)],
    file.region,
  );
  const incidents = [...file.incidentIds, ...evidenceIncidents(file), ...(input.incidents ?? [])];
  const records = await readCameraRecords(db, incidents, parameters, input.book);
  return {
    now: act.at,
    today,
    calendar: input.book.calendar,
    parameters,
    agency: await readAgency(db, file.agency),
    matter: input.book.matterOn(file.violation, localDate(file.act.endedAt), today),
    person: (userId) => people.get(userId),
    record: (incidentId) => records.get(incidentId),
    earlierDecisions: await readEarlierDecisions(db, file),
    likeCases: await readLikeCases(db, file, today),
    openSupervisionItems: await countSupervisionItems(db, file.caseId),
    filesVerified: input.filesVerified ?? null,
    newId: act.newId,
  };
}

function actorId(act: Act): string[] {
  return act.actor.kind === "user" ? [act.actor.userId] : [];
}

/** Everybody a file names. */
export function peopleOf(file: Partial<CaseFile>): string[] {
  return [
    file.openedBy,
    ...(file.handlers ?? []),
    ...[file.filing?.submittedBy, file.filing?.endorsedBy, file.filing?.filedBy],
    ...[file.decisionProposal?.submittedBy, file.decisionProposal?.endorsedBy, file.decision?.by],
    file.hearing?.scheduled?.hostId,
    ...(file.legalReviews ?? []).map((review) => review.reviewer),
    ...(file.discussions ?? []).flatMap((discussion) => discussion.members),
    ...(file.recusals ?? []).map((recusal) => recusal.personId),
    ...(file.services ?? []).flatMap((service) => service.officers),
    ...(file.evidence ?? []).flatMap((item) => [item.addedBy, item.verified?.by]),
    ...[file.closing?.requestedBy, file.closing?.endorsedBy, file.closing?.closedBy, file.archive?.by],
    file.publication?.by,
    file.exit?.by,
  ].filter((userId) => userId !== null && userId !== undefined);
}

function evidenceIncidents(file: Partial<CaseFile>): string[] {
  return (file.evidence ?? []).map((item) => item.incidentId).filter((incidentId) => incidentId !== null);
}

/** The named users as they are today: no roles for somebody who is disabled or has no power over the place. */
export async function readPeople(
  db: Queryable,
  userIds: readonly string[],
  region: string,
): Promise<Map<string, PersonFacts>> {
  const { rows } = await db.query<{
    userId: string;
    displayName: string;
    roles: readonly RoleId[];
    regions: readonly string[];
    disabled: boolean;
    legalQualification: boolean;
    no: string | null;
    validFrom: LocalDate | null;
    validTo: LocalDate | null;
  }>(
    `select users.id as "userId", users.display_name as "displayName", users.roles, users.regions, users.disabled,
       users.legal_qualification as "legalQualification", certificate.certificate_no as no,
       certificate.valid_from::text as "validFrom", certificate.valid_to::text as "validTo"
     from users left join lateral (
       select certificates.certificate_no, certificates.valid_from, certificates.valid_to from certificates
       where certificates.user_id = users.id order by certificates.recorded_at desc, certificates.id desc limit 1
     ) as certificate on true
     where users.id = any ($1)`,
    [[...new Set(userIds)]],
  );
  return new Map(
    rows.map((row) => {
      const inPower = !row.disabled && row.regions.some((own) => regionCovers(own, region));
      const { no, validFrom, validTo } = row;
      return [
        row.userId,
        {
          userId: row.userId,
          displayName: row.displayName,
          roles: inPower ? row.roles : [],
          certificate:
            no === null || validFrom === null || validTo === null ? null : { no, validFrom, validTo },
          legalQualification: row.legalQualification,
        },
      ];
    }),
  );
}

/** Camera records with their camera as it was on the day of the capture. */
export async function readCameraRecords(
  db: Queryable,
  incidentIds: readonly string[],
  parameters: Parameters,
  book: Pick<LawBook, "calendar">,
): Promise<Map<string, CameraRecord>> {
  const { rows } = await db.query<{
    incidentId: string;
    cameraId: string;
    region: string;
    violation: string;
    state: IncidentState;
    caseIds: readonly string[];
    triggeredAt: Date;
    reviewer: string | null;
    grade: string | null;
  }>(
    `select incidents.id as "incidentId", incidents.camera_id as "cameraId",
       incidents.region, incidents.violation, incidents.state, incidents.triggered_at as "triggeredAt",
       array(select cases.id from cases where cases.file -> 'incidentIds' @> to_jsonb(incidents.id)
          and cases.file -> 'evidence' @> jsonb_build_array(
            jsonb_build_object('incidentId', incidents.id, 'withdrawn', null))
          order by cases.id) as "caseIds",
       (select reviews.reviewer from reviews where reviews.incident_id = incidents.id
          and reviews.verdict = 'confirmed') as reviewer,
       incidents.facts #>> '{capture,grade}' as grade
     from incidents where incidents.id = any ($1)`,
    [[...new Set(incidentIds)]],
  );
  const records = new Map<string, CameraRecord>();
  for (const row of rows) {
    const capturedOn = localDate(row.triggeredAt.getTime());
    const camera = await readCameraRecordsOf(db, row.cameraId);
    const faults = cameraFaults(camera, capturedOn, parameters, book.calendar);
    records.set(row.incidentId, {
      incidentId: row.incidentId,
      cameraId: row.cameraId,
      capturedOn,
      ...{ region: row.region, violation: row.violation, state: row.state, caseIds: row.caseIds },
      confirmed: row.reviewer !== null,
      reviewer: row.reviewer,
      useAuthority: useAuthorityOn(camera.authorities, capturedOn),
      faults: row.grade === "lead" ? [...faults, gradedLead] : faults,
    });
  }
  return records;
}

const gradedLead = {
  rule: "B-04",
  zh: "该记录采集时未达到证据要求（如时钟未校准），仅可作线索",
  en: "the capture was graded a lead only, for instance because the clock was not measured",
};

/**
 * Other cases that decided about the same party and matter, or let it off, and any that did about one of the incidents. A
 * decision that was revoked is none.
 */
async function readEarlierDecisions(
  db: Queryable,
  { caseId, party, incidentIds }: Known,
): Promise<EarlierDecision[]> {
  const { rows } = await db.query<EarlierDecision & { party: Party | null }>(
    `select other.id as "caseId",
       coalesce(other.decided_on, (other.file #>> '{exit,on}')::date)::text as "decidedOn",
       coalesce((case when other.file #> '{changes,-1}' is null then other.file #>> '{decision,penalty,fineFen}'
          else other.file #>> '{changes,-1,penalty,fineFen}' end)::float8, 0) as "fineFen",
       other.decided_on is null as "letOff", other.file -> 'incidentIds' as "incidentIds",
       other.file #>> '{act,place}' as place, other.file -> 'party' as party,
       (other.file #>> '{act,startedAt}')::float8 as "actStartedAt",
       (other.file #>> '{act,endedAt}')::float8 as "actEndedAt"
     from cases as own join cases as other
       on (other.party_keys && own.party_keys or other.file -> 'incidentIds' ?| $2)
         and other.violation = own.violation and other.id <> own.id
     where own.id = $1 and other.state <> 'terminated'
       and (other.decided_on is not null or other.file #>> '{exit,kind}' = 'no_penalty')
       and (other.file #> '{changes,-1}' is null or other.file #>> '{changes,-1,penalty}' is not null)
     order by 2, 1`,
    [caseId, incidentIds],
  );
  return rows
    .filter(
      (row) =>
        isSameParty(party ?? null, row.party) || row.incidentIds.some((id) => incidentIds.includes(id)),
    )
    .map(({ party: _, ...earlier }) => earlier);
}

/** Fined cases of the same matter and city in the twelve months up to `until`, of any tier. */
export async function readLikeCases(
  db: Queryable,
  { caseId, region, violation }: Pick<CaseFile, "caseId" | "region" | "violation">,
  until: LocalDate,
): Promise<DecidedCase[]> {
  const city = regionPrefix(`${region.slice(0, 4)}00`) ?? region;
  const { rows } = await db.query<DecidedCase>(
    `select cases.id as "caseId", (cases.file #>> '{decision,penalty,fineFen}')::float8 as "fineFen",
       cases.file #>> '{computation,tier}' as tier
     from cases
     where cases.violation = $1 and cases.decided_on > $2::date - interval '12 months' and cases.decided_on <= $2
       and cases.id <> $3 and starts_with(cases.region, $4) and cases.state <> 'terminated'
       and cases.file #>> '{computation,tier}' is not null
       and (cases.file #>> '{decision,penalty,fineFen}')::float8 > 0
     order by cases.id`,
    [violation, until, caseId, city],
  );
  return rows;
}

async function countSupervisionItems(db: Queryable, caseId: string): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `select count(*)::integer as open from supervision_items as items
     where items.case_id = $1 and items.state <> 'closed'`,
    [caseId],
  );
  return rows[0]?.open ?? 0;
}
