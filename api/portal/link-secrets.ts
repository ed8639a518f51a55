import { createHmac, timingSafeEqual } from "node:crypto";
import type { EpochMs } from "../../pipeline/domain/types.ts";

/** How long a session lasts once the second factor was right. */
export const BEARER_MS = 15 * 60_000;

/** What is stored of a second factor: without the installation's secret four digits cannot be tried against it. 64 hex digits. */
export function factorHash(secret: string, linkId: string, factor: string): string {
  return createHmac("sha256", secret).update(`forewarn-party-factor\n${linkId}\n${factor}`).digest("hex");
}

/** A session of one link: whoever carries it has answered the second factor. Revoking and expiry are asked of the database. */
export function issueBearer(
  secret: string,
  linkId: string,
  now: EpochMs,
): { bearer: string; expiresAt: EpochMs } {
  const expiresAt = now + BEARER_MS;
  return { bearer: `${linkId}.${expiresAt}.${macOf(secret, linkId, expiresAt)}`, expiresAt };
}

/** The link of a session that is ours and still runs. */
export function readBearer(secret: string, bearer: string, now: EpochMs): string | undefined {
  const [, linkId = "", until = "", mac = ""] =
    /^([a-z]+_[0-9a-z]+)\.(\d{1,15})\.([\w-]{43})$/.exec(bearer) ?? [];
  const expiresAt = Number(until);
  const expected = Buffer.from(macOf(secret, linkId, expiresAt));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return now < expiresAt ? linkId : undefined;
}

function macOf(secret: string, linkId: string, expiresAt: EpochMs): string {
  return createHmac("sha256", secret)
    .update(`forewarn-party-session\n${linkId}\n${expiresAt}`)
    .digest("base64url");
}
