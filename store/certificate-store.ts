import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Refusal } from "../casework/refusal.ts";
import { type Act, inScope, scopePrefixes, userIdOf } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface NewCertificate {
  readonly userId: string;
  readonly no: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
}

/**
 * Records an enforcement certificate (执法证). The newest of a person counts; earlier ones stay on record. Throws
 * `NotFoundError` for somebody who works outside the scope, `RefusedError` for oneself.
 */
export async function recordCertificate(tx: Tx, act: Act, certificate: NewCertificate): Promise<void> {
  await lockUser(tx, act, certificate.userId);
  await tx.query(
    `insert into certificates (id, user_id, certificate_no, valid_from, valid_to, recorded_by, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      act.newId("crt"),
      certificate.userId,
      certificate.no,
      certificate.validFrom,
      certificate.validTo,
      userIdOf(act.actor),
      new Date(act.at),
    ],
  );
  await appendTimeline(tx, act, {
    kind: "user",
    id: certificate.userId,
    action: "record_certificate",
    from: null,
    to: null,
    detail: { validFrom: certificate.validFrom, validTo: certificate.validTo },
  });
}

/** Records whether somebody holds the national legal professional qualification (行政处罚法 58). Throws as above. */
export async function recordLegalQualification(
  tx: Tx,
  act: Act,
  userId: string,
  holds: boolean,
): Promise<void> {
  await lockUser(tx, act, userId);
  await tx.query("update users set legal_qualification = $2 where users.id = $1", [userId, holds]);
  await appendTimeline(tx, act, {
    kind: "user",
    id: userId,
    action: "record_legal_qualification",
    from: null,
    to: null,
    detail: { holds },
  });
}

/** Nobody outside the scope, and nobody about themselves: what a person may do is for somebody else to say. */
async function lockUser(tx: Tx, act: Act, userId: string): Promise<void> {
  if (userIdOf(act.actor) === userId) throw new RefusedError(aboutOneself);
  const { rowCount } = await tx.query(
    `select 1 from users where users.id = $1
       and not exists (select 1 from unnest(users.regions) as own (region) where not ${inScope("own.region", "$2")})
     for update of users`,
    [userId, scopePrefixes(act.scope)],
  );
  if (rowCount === 0) throw new NotFoundError("user", userId);
}

const aboutOneself: Refusal = {
  code: "user.about_oneself",
  messageZh: "不能登记本人的执法证或者法律职业资格，请由其他管理员登记。",
  messageEn: "Nobody records their own certificate or qualification: somebody else who manages users does.",
};
