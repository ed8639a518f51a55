import type { X509Certificate } from "node:crypto";
import type { Certificate } from "pkijs";
import type { Problem } from "../bundle-source.ts";
import { equalBytes } from "../portable/bytes.ts";
import { chainFault } from "./certificate-chain.ts";
import { asX509, readToken, type TimestampToken } from "./read-token.ts";
import { bufferOf, imprintOf, SHA256_OID } from "./request.ts";
import { hasSoundDigest, isBoundTo, isForTimestamps } from "./signing-certificate.ts";

export interface TimestampVerdict {
  /** Nothing: the token is genuine in itself, and trusted if it was asked. */
  readonly problems: readonly Problem[];
  /** The authority's time, ISO 8601 in UTC; null when the token cannot be read. */
  readonly at: string | null;
  /** Subject of the certificate that signed, as OpenSSL prints it; null when it cannot be told. */
  readonly authority: string | null;
  readonly trust: "trusted" | "untrusted" | "not_checked";
}

export interface TimestampExpectation {
  /** The number that was asked with; undefined when checking later, since it proves only freshness. */
  readonly nonce?: Uint8Array;
  /** Certificates to which the signer's must lead; undefined: who signed is not asked. */
  readonly authorities?: readonly X509Certificate[];
}

const FAULTS = {
  unreadable: "the timestamp cannot be read: it was changed or cut off",
  other_message: "the timestamp is of something else: its imprint is not this message's SHA-256",
  other_nonce: "the timestamp answers another request: it was given before or for somebody else",
  weak_digest: "the timestamp is signed over a hash that is no longer safe",
  signature_invalid:
    "the timestamp's signature does not match: it was changed or not made by its certificate",
  certificate_unfit: "the timestamp's certificate is not one for timestamps alone (RFC 3161, section 2.3)",
  certificate_swapped: "the timestamp does not name the certificate that comes with it (RFC 5816)",
  expired: "a certificate of the authority was not valid at the time of the timestamp",
  untrusted: "the timestamp's certificate leads to none of the trusted authorities",
} as const;

function problem(fault: keyof typeof FAULTS): Problem {
  return { code: `timestamp.${fault}`, message: FAULTS[fault] };
}

/** Whether an RFC 3161 token is of this message, genuine and by a trusted authority. Needs no network. */
export async function verifyTimestamp(
  token: Uint8Array,
  message: Uint8Array,
  expected: TimestampExpectation = {},
): Promise<TimestampVerdict> {
  let read: TimestampToken;
  try {
    read = readToken(token);
  } catch {
    return { problems: [problem("unreadable")], at: null, authority: null, trust: "not_checked" };
  }
  const { info, signed, certificates } = read;
  const problems: Problem[] = [];
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const isSameHash = hashAlgorithm.algorithmId === SHA256_OID;
  if (!isSameHash || !equalBytes(hashedMessage.valueBlock.valueHexView, imprintOf(message)))
    problems.push(problem("other_message"));
  const { nonce, authorities } = expected;
  if (nonce !== undefined && !equalBytes(info.nonce?.valueBlock.valueHexView ?? new Uint8Array(), nonce))
    problems.push(problem("other_nonce"));
  const [signer] = signed.signerInfos;
  if (signer === undefined || !hasSoundDigest(signer)) problems.push(problem("weak_digest"));
  const certificate = await signerOf(read, message);
  const x509 = certificate === undefined ? undefined : asX509(certificate);
  if (certificate === undefined || x509 === undefined) {
    // Of another message pkijs does not look at the signature at all: once said is enough.
    if (problems.length === 0) problems.push(problem("signature_invalid"));
  } else {
    if (!isForTimestamps(certificate)) problems.push(problem("certificate_unfit"));
    if (signer === undefined || !isBoundTo(signer, certificate))
      problems.push(problem("certificate_swapped"));
  }
  if (authorities !== undefined && x509 !== undefined) {
    const others = certificates.map(asX509).filter((other) => other !== undefined);
    const fault = chainFault(x509, others, authorities, info.genTime);
    if (fault !== undefined) problems.push(problem(fault));
  }
  return {
    problems,
    at: info.genTime.toISOString(),
    authority: x509?.subject.replaceAll("\n", ", ") ?? null,
    trust: authorities === undefined ? "not_checked" : problems.length === 0 ? "trusted" : "untrusted",
  };
}

/** The certificate whose key made the signature; undefined when none did. */
async function signerOf({ signed }: TimestampToken, message: Uint8Array): Promise<Certificate | undefined> {
  try {
    const { signatureVerified, signerCertificate } = await signed.verify({
      ...{ signer: 0, data: bufferOf(message), checkChain: false, extendedMode: true },
    });
    return signatureVerified === true ? (signerCertificate ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
