import type { AgencyFacts } from "../casework/case/step-facts.ts";
import type { Refusal } from "../casework/refusal.ts";
import { regionPrefix } from "../casework/region.ts";
import { type Act, inScope, type RegionScope, scopePrefixes, userIdOf } from "./act.ts";
import { AlreadyExistsError, NotFoundError, StaleVersionError } from "./errors.ts";
import type { Queryable, Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface Agency extends AgencyFacts {
  readonly version: number;
}

interface Row {
  readonly document: AgencyFacts;
  readonly version: number;
}

/**
 * Adds an agency or replaces what is known of it. Documents issued before keep what they say. An agency keeps its region.
 * Throws `StaleVersionError` when `ifVersion` is given and somebody was faster.
 */
export async function putAgency(
  tx: Tx,
  act: Act,
  agency: AgencyFacts,
  ifVersion?: number,
): Promise<{ version: number }> {
  const known = await tx.query<{ version: number; region: string; document: AgencyFacts }>(
    `select agencies.version, agencies.region, agencies.document from agencies
     where agencies.id = $1 for update`,
    [agency.agency],
  );
  const now = known.rows[0];
  if (ifVersion !== undefined && (now?.version ?? 0) !== ifVersion)
    throw new StaleVersionError("agency", agency.agency, ifVersion, now?.version ?? 0);
  if (now !== undefined && now.region !== agency.region)
    throw new AlreadyExistsError(`Agency ${agency.agency} is on record for region ${now.region}.`);
  const { rows } = await tx.query<{ version: number }>(
    `insert into agencies as known (id, region, document, version, updated_by, updated_at)
     values ($1, $2, $3, 1, $4, $5)
     on conflict (id) do update set region = $2, document = $3, version = known.version + 1, updated_by = $4,
       updated_at = $5
     returning known.version`,
    [agency.agency, agency.region, JSON.stringify(agency), userIdOf(act.actor), new Date(act.at)],
  );
  await noteChange(tx, act, now?.document, agency);
  return { version: rows[0]?.version ?? 1 };
}

/** Who is paid, who hears a review or a suit and what an agency has power over decide what its documents are worth. */
const TELLING = ["payee", "court", "reviewBody", "powers"] as const;

async function noteChange(
  tx: Tx,
  act: Act,
  before: AgencyFacts | undefined,
  after: AgencyFacts,
): Promise<void> {
  const isSame = (field: keyof AgencyFacts) =>
    JSON.stringify(before?.[field]) === JSON.stringify(after[field]);
  const fields = (Object.keys(after) as (keyof AgencyFacts)[]).filter((field) => !isSame(field));
  if (fields.length === 0) return;
  const telling = TELLING.filter((field) => !isSame(field));
  const values = telling.map((field) => [field, { from: before?.[field] ?? null, to: after[field] }]);
  await appendTimeline(tx, act, {
    kind: "agency",
    id: after.agency,
    action: before === undefined ? "register" : "change",
    from: null,
    to: null,
    detail: { fields, values: Object.fromEntries(values) },
  });
}

/** Throws `NotFoundError`. */
export async function readAgency(db: Queryable, agencyId: string): Promise<Agency> {
  const { rows } = await db.query<Row>(
    "select agencies.document, agencies.version from agencies where agencies.id = $1",
    [agencyId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("agency", agencyId);
  return { ...row.document, version: row.version };
}

export async function listAgencies(db: Queryable, scope: RegionScope): Promise<Agency[]> {
  const { rows } = await db.query<Row>(
    `select agencies.document, agencies.version from agencies
     where ${inScope("agencies.region", "$1")} order by agencies.id`,
    [scopePrefixes(scope)],
  );
  return rows.map(({ document, version }) => ({ ...document, version }));
}

/** Whether a scope holds every registered agency: what is set for all of them is set by whoever may act for all. */
export async function coversEveryAgency(db: Queryable, scope: RegionScope): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from agencies where not ${inScope("agencies.region", "$1")} limit 1`,
    [scopePrefixes(scope)],
  );
  return rowCount === 0;
}

/** The agency nearest to a place: the county's own before the city's before the province's. Undefined: there is none. */
export async function findAgencyFor(db: Queryable, region: string): Promise<Agency | undefined> {
  const { rows } = await db.query<Row>("select agencies.document, agencies.version from agencies");
  const [nearest] = rows
    .filter(({ document }) => region.startsWith(regionPrefix(document.region) ?? "-"))
    .sort((a, b) => prefixLength(b) - prefixLength(a) || (a.document.agency < b.document.agency ? -1 : 1));
  return nearest === undefined ? undefined : { ...nearest.document, version: nearest.version };
}

function prefixLength({ document }: Row): number {
  return regionPrefix(document.region)?.length ?? 0;
}

/** Nothing official can be written about a place for which no agency is on record. */
export function noAgency(region: string): Refusal {
  return {
    code: "case.no_agency",
    article: "xzcf:22",
    messageZh: `地区 ${region} 尚未登记有管辖权的执法机关，请系统管理员先登记机关信息。`,
    messageEn: `No agency is on record for region ${region}; the administrator registers it first.`,
  };
}
