import type { X509Certificate } from "node:crypto";

/** More than any authority has. */
const MAX_LINKS = 8;

/**
 * Whether a certificate leads to one of the trusted ones, all of them valid at the moment that counts (RFC 5280,
 * section 6, without policies and name constraints; revocation is not asked, since checking works without network).
 *
 * @param others certificates that may stand between
 */
export function chainFault(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): "expired" | "untrusted" | undefined {
  let link = certificate;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    if (at < new Date(link.validFrom) || at > new Date(link.validTo)) return "expired";
    if (trusted.some(({ raw }) => raw.equals(link.raw))) return undefined;
    const issuer = [...trusted, ...others].find((candidate) => isIssuer(candidate, link));
    if (issuer === undefined || issuer.raw.equals(link.raw)) return "untrusted";
    link = issuer;
  }
  return "untrusted";
}

function isIssuer(candidate: X509Certificate, of: X509Certificate): boolean {
  try {
    return candidate.ca && of.checkIssued(candidate) && of.verify(candidate.publicKey);
  } catch {
    // A key or signature of a kind that OpenSSL does not know.
    return false;
  }
}
