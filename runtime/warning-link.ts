import { createHash, createHmac } from "node:crypto";

/**
 * The token of a warning's link: derived from the installation's secret, so that every channel can write the
 * same link without the token being stored or queued. 256 bits; without the secret nobody can guess one.
 */
export function warningToken(secret: string, incidentId: string, level: number): string {
  return createHmac("sha256", secret)
    .update(`forewarn-warning-link\n${incidentId}\n${level}`)
    .digest("base64url");
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function warningLink(publicUrl: string, token: string): string {
  return `${publicUrl}/w/${token}`;
}
