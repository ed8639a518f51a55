import type { CaseFile } from "../casework/case/case-file.ts";
import type { StepFacts } from "../casework/case/step-facts.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import { publicDecision, publicText } from "../casework/publication/public-text.ts";
import type { Certificate, Published, SupervisionFacts } from "../casework/supervision/finding.ts";
import type { Queryable } from "./pool.ts";
import { peopleOf, readLikeCases } from "./step-facts.ts";

/** What the checks ask beside what a step is judged by. `file`: as it is now, after the step. */
export async function readSupervisionFacts(
  db: Queryable,
  file: CaseFile,
  facts: StepFacts,
): Promise<SupervisionFacts> {
  const { today, calendar, parameters, person, record, agency, matter, earlierDecisions } = facts;
  const certificates = await readCertificates(db, peopleOf(file));
  const listed = await readListedCameras(db, camerasOf(file, facts), today);
  return {
    ...{ today, calendar, parameters, person, record, agency, matter, earlierDecisions },
    certificates: (userId) => certificates.get(userId) ?? [],
    likeFines: await readLikeFines(db, file),
    published: publishedOf(file, facts),
    benchmarkPublished: isBenchmarkPublished(file, facts),
    cameraListed: (cameraId) => listed.has(cameraId),
  };
}

/** Every certificate of these people. Of one number the newest record counts: it may have been cut short. */
async function readCertificates(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, Certificate[]>> {
  const { rows } = await db.query<Certificate & { userId: string }>(
    `select distinct on (certificates.user_id, certificates.certificate_no) certificates.user_id as "userId",
       certificates.certificate_no as no, certificates.valid_from::text as "validFrom",
       certificates.valid_to::text as "validTo"
     from certificates where certificates.user_id = any ($1)
     order by certificates.user_id, certificates.certificate_no, certificates.recorded_at desc, certificates.id desc`,
    [[...new Set(userIds)]],
  );
  const byUser = new Map<string, Certificate[]>();
  for (const { userId, ...certificate } of rows)
    byUser.set(userId, [...(byUser.get(userId) ?? []), certificate]);
  return byUser;
}

/** Fines of other cases of the same matter, tier and city in the twelve months before the decision. */
async function readLikeFines(db: Queryable, file: CaseFile): Promise<number[]> {
  const { decision, computation } = file;
  if (decision === null || computation === null) return [];
  const decided = await readLikeCases(db, file, decision.on);
  return decided.filter(({ tier }) => tier === computation.tier).map(({ fineFen }) => fineFen);
}

/** The text the public reads, without images: none is shown. */
function publishedOf(file: CaseFile, { agency, matter }: StepFacts): Published | null {
  const shown = publicDecision(file, {
    agencyZh: agency.zh,
    matter,
    // How a law is cited is none of what is checked.
    cite: ({ law, article }) => `${law}:${article}`,
  });
  return shown?.kind === "shown" ? { text: publicText(shown), imagesMasked: true } : null;
}

/** Nobody has to publish the default that stands in for a benchmark that was never made (行政处罚法 34). */
function isBenchmarkPublished({ decision }: CaseFile, { matter }: StepFacts): boolean {
  const benchmark = matter.benchmarks.find(({ basisId }) => basisId === decision?.penalty.basisId);
  return benchmark === undefined || benchmark.isDefault || benchmark.publishedUrl !== null;
}

function camerasOf(file: CaseFile, { record }: StepFacts): string[] {
  return file.evidence.flatMap(({ incidentId }) =>
    incidentId === null ? [] : (record(incidentId)?.cameraId ?? []),
  );
}

/** Those of the cameras that stand in the public list on that day. */
async function readListedCameras(
  db: Queryable,
  cameraIds: readonly string[],
  date: LocalDate,
): Promise<Set<string>> {
  if (cameraIds.length === 0) return new Set();
  const { rows } = await db.query<{ cameraId: string }>(
    `select latest.camera_id as "cameraId" from (
       select distinct on (listings.camera_id) listings.camera_id, listings.listed
       from camera_listings as listings
       where listings.camera_id = any ($1) and listings.published_on <= $2
       order by listings.camera_id, listings.at desc, listings.id desc
     ) as latest where latest.listed`,
    [[...new Set(cameraIds)], date],
  );
  return new Set(rows.map(({ cameraId }) => cameraId));
}
