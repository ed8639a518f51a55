import {
  type AccessRequest,
  approveGrant as approve,
  type GrantFacts,
  type GrantState,
  groundForView,
  ONE_LOOK_MS,
  refuseDecline,
  refuseRequest,
  refuseRevocation,
  type ViewGround,
  type ViewPurpose,
} from "../casework/evidence/evidence-access.ts";
import { type Act, inScope, iso, scopePrefixes, userIdOf } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { logEvidence, noteOnTimeline, personOf, refuseIfDeleted } from "./evidence-record.ts";
import { lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";

export interface NewAccessRequest extends AccessRequest {
  readonly incidentId: string;
  /** The case it is needed for; it must be this incident's. */
  readonly caseId: string | null;
  readonly purpose: ViewPurpose;
}

/**
 * Asks to see the originals of one incident. Asking again while the request waits changes nothing and returns the
 * request that is there. Throws `RefusedError`, and `NotFoundError` for an incident or case that is not there.
 */
export async function requestAccess(
  tx: Tx,
  act: Act,
  request: NewAccessRequest,
): Promise<{ grantId: string; created: boolean }> {
  const refusal = refuseRequest(request, act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  const requester = personOf(act);
  await lockIncident(tx, act, request.incidentId);
  await refuseIfDeleted(tx, request.incidentId);
  if (request.caseId !== null) await findCaseOf(tx, request.caseId, request.incidentId);
  const waiting = await tx.query<{ id: string }>(
    `select grants.id from evidence_grants as grants
     where grants.incident_id = $1 and grants.requested_by = $2 and grants.state = 'pending'`,
    [request.incidentId, requester],
  );
  const found = waiting.rows[0];
  if (found !== undefined) return { grantId: found.id, created: false };
  const grantId = act.newId("grt");
  await tx.query(
    `insert into evidence_grants (id, incident_id, case_id, purpose, reason, hours, state, requested_by, requested_at)
     values ($1, $2, $3, $4, $5, $6, 'pending', $7, $8)`,
    [
      grantId,
      request.incidentId,
      request.caseId,
      request.purpose,
      request.reason.trim(),
      request.hours,
      requester,
      new Date(act.at),
    ],
  );
  const { purpose, hours, caseId } = request;
  await noteOnTimeline(tx, act, request.incidentId, "request_original", { grantId, purpose, hours, caseId });
  return { grantId, created: true };
}

/** 批准: from now on the person who asked may look, for the hours they asked for. Throws `RefusedError`. */
export async function approveAccess(tx: Tx, act: Act, grantId: string): Promise<{ expiresAt: string }> {
  const grant = await lockGrant(tx, act, grantId);
  const result = approve(grant, act.actor, act.at);
  if (!result.ok) throw new RefusedError(result.refusal);
  await refuseIfDeleted(tx, grant.incidentId);
  const expiresAt = new Date(result.expiresAt);
  await tx.query(
    `update evidence_grants set state = 'approved', decided_by = $2, decided_at = $3, expires_at = $4
     where evidence_grants.id = $1`,
    [grantId, userIdOf(act.actor), new Date(act.at), expiresAt],
  );
  await noteOnTimeline(tx, act, grant.incidentId, "grant_original", { grantId, to: grant.requestedBy });
  await logGrant(tx, act, "access_granted", grant, { expiresAt: iso(expiresAt) });
  return { expiresAt: iso(expiresAt) };
}

/** 不予批准, with a reason. Throws `RefusedError`. */
export async function declineAccess(tx: Tx, act: Act, grantId: string, note: string): Promise<void> {
  const grant = await lockGrant(tx, act, grantId);
  const refusal = refuseDecline(grant, note, act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  await tx.query(
    `update evidence_grants set state = 'declined', decided_by = $2, decided_at = $3, decision_note = $4
     where evidence_grants.id = $1`,
    [grantId, userIdOf(act.actor), new Date(act.at), note.trim()],
  );
  await noteOnTimeline(tx, act, grant.incidentId, "decline_original", { grantId, to: grant.requestedBy });
}

/** 收回: ends a grant before its time, or takes a request back. Throws `RefusedError`. */
export async function revokeAccess(tx: Tx, act: Act, grantId: string, note: string): Promise<void> {
  const grant = await lockGrant(tx, act, grantId);
  const refusal = refuseRevocation(grant, note, act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  await tx.query(
    `update evidence_grants set state = 'revoked', revoked_by = $2, revoked_at = $3, revocation_note = $4
     where evidence_grants.id = $1`,
    [grantId, userIdOf(act.actor), new Date(act.at), note.trim()],
  );
  await noteOnTimeline(tx, act, grant.incidentId, "revoke_original", { grantId, to: grant.requestedBy });
  if (grant.state === "approved") await logGrant(tx, act, "access_revoked", grant, {});
}

export interface Look {
  readonly incidentId: string;
  /** Inside the bundle: `originals/clip.mp4`. */
  readonly path: string;
  readonly sha256: string;
  /** Throws when the file cannot be sent: what is not there is not seen. */
  readonly check: () => Promise<unknown>;
}

/**
 * Whoever is about to be shown an original is written down first: call it in a transaction of its own and send bytes
 * only after it has committed. The same person, file and ground within `ONE_LOOK_MS` is one look and one entry.
 * Throws `RefusedError` when nothing lets them look.
 */
export async function noteUnmaskedView(tx: Tx, act: Act, look: Look): Promise<ViewGround> {
  // The incident's lock makes the ranges of one player wait for each other: one of them writes, the others see it.
  const incident = await lockIncident(tx, act, look.incidentId);
  await refuseIfDeleted(tx, look.incidentId);
  const view = groundForView(incident, await readGrants(tx, look.incidentId), act.actor, act.at);
  if (!view.ok) throw new RefusedError(view.refusal);
  await look.check();
  const { ground } = view;
  const groundId = ground.kind === "grant" ? ground.grantId : ground.kind;
  if (!(await isNewLook(tx, act, look, groundId))) return ground;
  const { path, sha256 } = look;
  await noteOnTimeline(tx, act, look.incidentId, "view_original", { path, ground: groundId });
  await logEvidence(tx, act, look.incidentId, {
    kind: "viewed_unmasked",
    why: ground.kind === "grant" ? await purposeOf(tx, ground.grantId) : "review",
    detail: {
      file: path,
      sha256,
      ground: ground.kind,
      grantId: ground.kind === "grant" ? ground.grantId : null,
      until: iso(new Date(ground.until)),
    },
  });
  return ground;
}

async function isNewLook(tx: Tx, act: Act, { incidentId, path }: Look, ground: string): Promise<boolean> {
  const at = new Date(act.at);
  const { rowCount } = await tx.query(
    // A look in the future was logged before the clock was set back: it covers none of now.
    `insert into evidence_looks as looks (incident_id, user_id, path, ground, logged_at) values ($1, $2, $3, $4, $5)
     on conflict (incident_id, user_id, path, ground) do update set logged_at = $5
     where looks.logged_at <= $6 or looks.logged_at > $5`,
    [incidentId, userIdOf(act.actor), path, ground, at, new Date(act.at - ONE_LOOK_MS)],
  );
  return rowCount === 1;
}

/** Every grant of an incident, in any state and of anybody. */
async function readGrants(tx: Tx, incidentId: string): Promise<GrantFacts[]> {
  const { rows } = await tx.query<GrantRow>(
    `select ${FACTS} from evidence_grants as grants where grants.incident_id = $1`,
    [incidentId],
  );
  return rows.map(factsOf);
}

async function purposeOf(tx: Tx, grantId: string): Promise<string> {
  const { rows } = await tx.query<{ purpose: ViewPurpose }>(
    "select grants.purpose from evidence_grants as grants where grants.id = $1",
    [grantId],
  );
  return rows[0]?.purpose ?? "";
}

interface GrantRow {
  readonly grantId: string;
  readonly state: GrantState;
  readonly requestedBy: string;
  readonly hours: number;
  readonly expiresAt: Date | null;
}

interface LockedGrant extends GrantFacts {
  readonly incidentId: string;
  readonly purpose: ViewPurpose;
}

const FACTS = `grants.id as "grantId", grants.state, grants.requested_by as "requestedBy", grants.hours,
  grants.expires_at as "expiresAt"`;

function factsOf(row: GrantRow): GrantFacts {
  const { grantId, state, requestedBy, hours, expiresAt } = row;
  return { grantId, state, requestedBy, hours, expiresAt: expiresAt?.getTime() ?? null };
}

/** Takes the incident's lock, then the grant's. Throws `NotFoundError` outside the scope too. */
async function lockGrant(tx: Tx, act: Act, grantId: string): Promise<LockedGrant> {
  const { rows } = await tx.query<{ incidentId: string }>(
    `select grants.incident_id as "incidentId" from evidence_grants as grants
     join incidents on incidents.id = grants.incident_id
     where grants.id = $1 and ${inScope("incidents.region", "$2")}`,
    [grantId, scopePrefixes(act.scope)],
  );
  const incidentId = rows[0]?.incidentId;
  if (incidentId === undefined) throw new NotFoundError("access request", grantId);
  await lockIncident(tx, act, incidentId);
  const locked = await tx.query<GrantRow & { purpose: ViewPurpose }>(
    `select ${FACTS}, grants.purpose from evidence_grants as grants where grants.id = $1 for update`,
    [grantId],
  );
  const row = locked.rows[0];
  if (row === undefined) throw new NotFoundError("access request", grantId);
  return { ...factsOf(row), purpose: row.purpose, incidentId };
}

async function findCaseOf(tx: Tx, caseId: string, incidentId: string): Promise<void> {
  const { rowCount } = await tx.query("select 1 from cases where cases.id = $1 and cases.incident_id = $2", [
    caseId,
    incidentId,
  ]);
  if (rowCount !== 1) throw new NotFoundError("case of this incident", caseId);
}

function logGrant(
  tx: Tx,
  act: Act,
  kind: "access_granted" | "access_revoked",
  { grantId, incidentId, purpose, requestedBy }: LockedGrant,
  detail: object,
): Promise<void> {
  return logEvidence(tx, act, incidentId, {
    kind,
    why: purpose,
    detail: { grantId, to: requestedBy, ...detail },
  });
}
