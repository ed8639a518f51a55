import { timingSafeEqual } from "node:crypto";
import { type LinkStanding, linkStanding } from "../casework/portal/party-link.ts";
import { type FactorKind, MAX_WRONG_ANSWERS } from "../casework/portal/second-factor.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, inScope, iso, isoOrNull, scopePrefixes, userIdOf } from "./act.ts";
import { lockCase } from "./case-record.ts";
import { NotFoundError } from "./errors.ts";
import { lockIncident } from "./incident-row.ts";
import type { Queryable, Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** What a link opens: one case or one incident, in the region that it lies in. */
export interface PartyLink {
  readonly linkId: string;
  readonly caseId: string | null;
  readonly incidentId: string | null;
  readonly region: string;
  readonly factorKind: FactorKind;
  readonly wrongAnswers: number;
  readonly expiresAt: EpochMs;
  readonly revokedAt: EpochMs | null;
}

export interface NewPartyLink {
  readonly linkId: string;
  readonly tokenHash: string;
  readonly of: { readonly caseId: string } | { readonly incidentId: string };
  readonly region: string;
  readonly factorKind: FactorKind;
  readonly factorHash: string;
  readonly expiresAt: EpochMs;
  /** The notice of the record (D16) that goes with it. */
  readonly noticeDocId?: string | null;
}

interface Row extends Omit<PartyLink, "expiresAt" | "revokedAt"> {
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

const COLUMNS = `links.id as "linkId", links.case_id as "caseId", links.incident_id as "incidentId", links.region,
  links.factor_kind as "factorKind", links.attempts as "wrongAnswers", links.expires_at as "expiresAt",
  links.revoked_at as "revokedAt"`;

/** A link for the party; the caller holds the lock on the case or incident. The timeline says who gave it out. */
export async function addPartyLink(tx: Tx, act: Act, link: NewPartyLink): Promise<void> {
  const { linkId, of, factorKind } = link;
  await tx.query(
    `insert into party_links (id, token_hash, case_id, incident_id, region, factor_kind, factor_hash, expires_at,
       created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      linkId,
      link.tokenHash,
      "caseId" in of ? of.caseId : null,
      "incidentId" in of ? of.incidentId : null,
      link.region,
      factorKind,
      link.factorHash,
      new Date(link.expiresAt),
      userIdOf(act.actor),
      new Date(act.at),
    ],
  );
  await note(tx, act, of, "give_party_link", { linkId, factorKind, docId: link.noticeDocId ?? null });
}

/** Undefined for an id nobody gave out. The link itself is the right: no regions are asked for. */
export async function findPartyLink(db: Queryable, linkId: string): Promise<PartyLink | undefined> {
  const { rows } = await db.query<Row>(`select ${COLUMNS} from party_links as links where links.id = $1`, [
    linkId,
  ]);
  return rows[0] === undefined ? undefined : toLink(rows[0]);
}

export async function findPartyLinkByToken(db: Queryable, tokenHash: string): Promise<PartyLink | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from party_links as links where links.token_hash = $1`,
    [tokenHash],
  );
  return rows[0] === undefined ? undefined : toLink(rows[0]);
}

export type FactorAnswer =
  | { readonly outcome: "right" }
  | { readonly outcome: "wrong"; readonly triesLeft: number }
  | { readonly outcome: Exclude<LinkStanding, "open"> };

/**
 * One answer to the second factor, counted under the row's lock: ten at once are ten. A right one begins the count anew.
 * @param answerHash as `factor_hash` would be for this answer
 */
export async function answerFactor(
  tx: Tx,
  act: Act,
  linkId: string,
  answerHash: string,
): Promise<FactorAnswer> {
  const { rows } = await tx.query<Row & { factorHash: string }>(
    `select ${COLUMNS}, links.factor_hash as "factorHash" from party_links as links where links.id = $1 for update`,
    [linkId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("link", linkId);
  const link = toLink(row);
  const standing = linkStanding(link, act.at);
  if (standing !== "open") return { outcome: standing };
  const right = timingSafeEqual(Buffer.from(row.factorHash, "hex"), Buffer.from(answerHash, "hex"));
  const wrongAnswers = right ? 0 : link.wrongAnswers + 1;
  await tx.query(
    `update party_links set attempts = $2, last_used_at = case when $3 then $4 else last_used_at end
     where party_links.id = $1`,
    [linkId, wrongAnswers, right, new Date(act.at)],
  );
  if (right) return { outcome: "right" };
  if (wrongAnswers >= MAX_WRONG_ANSWERS) {
    const of = await lockSubject(tx, act, link);
    await note(tx, act, of, "party_link_locked", { linkId });
  }
  return { outcome: "wrong", triesLeft: MAX_WRONG_ANSWERS - wrongAnswers };
}

/**
 * Takes the row's lock, so that two things handed in over one link follow one another, and none follows its end. Throws
 * `NotFoundError`.
 */
export async function lockPartyLink(tx: Tx, linkId: string): Promise<void> {
  const { rowCount } = await tx.query(
    "select 1 from party_links as links where links.id = $1 and links.revoked_at is null for update",
    [linkId],
  );
  if (rowCount === 0) throw new NotFoundError("link", linkId);
}

/** From now on the link opens nothing, and whoever is in by it is out. Twice is once. Throws `NotFoundError`. */
export async function revokePartyLink(tx: Tx, act: Act, linkId: string, reason: string): Promise<void> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from party_links as links
     where links.id = $1 and ${inScope("links.region", "$2")} for update`,
    [linkId, scopePrefixes(act.scope)],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("link", linkId);
  if (row.revokedAt !== null) return;
  await tx.query(
    "update party_links set revoked_at = $2, revoked_by = $3, revoke_reason = $4 where party_links.id = $1",
    [linkId, new Date(act.at), userIdOf(act.actor), reason],
  );
  const of = await lockSubject(tx, act, toLink(row));
  await note(tx, act, of, "revoke_party_link", { linkId }, reason);
}

/**
 * Locks the open links of a case, before the case itself is locked: whoever comes through a link takes its lock first too.
 */
export async function lockLinksOfCase(tx: Tx, caseId: string): Promise<void> {
  await tx.query(
    `select 1 from party_links as links where links.case_id = $1 and links.revoked_at is null
     order by links.id for update`,
    [caseId],
  );
}

/** Ends every open link of a case; the timeline says why. Again: changes nothing. */
export async function revokeLinksOfCase(tx: Tx, act: Act, caseId: string, reason: string): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `select links.id from party_links as links where links.case_id = $1 and links.revoked_at is null
     order by links.id`,
    [caseId],
  );
  for (const { id } of rows) await revokePartyLink(tx, act, id, reason);
}

/** Ends every open link of an incident; the timeline says why. Again: changes nothing. */
export async function revokeLinksOfIncident(
  tx: Tx,
  act: Act,
  incidentId: string,
  reason: string,
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `select links.id from party_links as links where links.incident_id = $1 and links.revoked_at is null
     order by links.id`,
    [incidentId],
  );
  for (const { id } of rows) await revokePartyLink(tx, act, id, reason);
}

export interface PartyLinkSummary {
  readonly linkId: string;
  readonly factorKind: FactorKind;
  readonly standing: LinkStanding;
  readonly expiresAt: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** The links of one case or incident, oldest first. Ask only for one already found in scope. */
export async function listPartyLinks(
  db: Queryable,
  of: { readonly caseId: string } | { readonly incidentId: string },
  now: EpochMs,
): Promise<PartyLinkSummary[]> {
  const [column, id] = "caseId" in of ? ["case_id", of.caseId] : ["incident_id", of.incidentId];
  const { rows } = await db.query<Row & { createdBy: string; createdAt: Date; lastUsedAt: Date | null }>(
    `select ${COLUMNS}, links.created_by as "createdBy", links.created_at as "createdAt",
       links.last_used_at as "lastUsedAt"
     from party_links as links where links.${column} = $1 order by links.created_at, links.id`,
    [id],
  );
  return rows.map((row) => ({
    linkId: row.linkId,
    factorKind: row.factorKind,
    standing: linkStanding(toLink(row), now),
    expiresAt: iso(row.expiresAt),
    createdBy: row.createdBy,
    createdAt: iso(row.createdAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
  }));
}

/** True the first time this link shows the copies of this incident. */
export async function markRecordSeen(tx: Tx, act: Act, linkId: string, incidentId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into party_link_views (link_id, incident_id, first_at) values ($1, $2, $3)
     on conflict (link_id, incident_id) do nothing`,
    [linkId, incidentId, new Date(act.at)],
  );
  return rowCount === 1;
}

type Subject = NewPartyLink["of"];

/** What a link is about, locked so that its timeline can be written. */
export async function lockSubject(
  tx: Tx,
  act: Act,
  link: Pick<PartyLink, "linkId" | "caseId" | "incidentId" | "region">,
): Promise<Subject> {
  const scope = { ...act, scope: [link.region] };
  if (link.caseId !== null) {
    await lockCase(tx, scope, link.caseId);
    return { caseId: link.caseId };
  }
  if (link.incidentId === null) throw new NotFoundError("link", link.linkId);
  await lockIncident(tx, scope, link.incidentId);
  return { incidentId: link.incidentId };
}

function note(tx: Tx, act: Act, of: Subject, action: string, detail: object, why: string | null = null) {
  const [kind, id] = "caseId" in of ? (["case", of.caseId] as const) : (["incident", of.incidentId] as const);
  return appendTimeline(tx, act, { kind, id, action, from: null, to: null, why, detail });
}

function toLink(row: Row): PartyLink {
  const { linkId, caseId, incidentId, region, factorKind, wrongAnswers } = row;
  return {
    linkId,
    caseId,
    incidentId,
    region,
    factorKind,
    wrongAnswers,
    expiresAt: row.expiresAt.getTime(),
    revokedAt: row.revokedAt?.getTime() ?? null,
  };
}
