import { createHash } from "node:crypto";
import { ObjectIdentifier, OctetString, Sequence } from "asn1js";
import type { Certificate, SignerInfo } from "pkijs";
import { equalBytes } from "../portable/bytes.ts";
import { derOf } from "./read-token.ts";

const EXTENDED_KEY_USAGE = "2.5.29.37";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
/** SigningCertificate (RFC 2634, section 5.4) and its second version (RFC 5035, section 3). */
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

const DIGESTS: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** Whether the certificate is for timestamps, says so critically, and is for nothing else (RFC 3161, section 2.3). */
export function isForTimestamps(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const purposes: unknown = (usage?.parsedValue as { keyPurposes?: unknown } | undefined)?.keyPurposes;
  return usage?.critical === true && Array.isArray(purposes) && purposes.join() === TIME_STAMPING;
}

/** Whether the signer used a hash that nobody can make collide. */
export function hasSoundDigest(signer: SignerInfo): boolean {
  return signer.digestAlgorithm.algorithmId in DIGESTS;
}

/**
 * Whether the signature covers that the content is a TSTInfo and which certificate it was made with (RFC 3161,
 * section 2.4.2; RFC 5816): else another certificate for the same key could be put in its place.
 */
export function isBoundTo(signer: SignerInfo, certificate: Certificate): boolean {
  const attributeValue = (type: string): unknown =>
    signer.signedAttrs?.attributes.find((attribute) => attribute.type === type)?.values[0];
  const contentType = attributeValue(CONTENT_TYPE);
  if (!(contentType instanceof ObjectIdentifier) || contentType.getValue() !== TST_INFO) return false;
  const second = attributeValue(SIGNING_CERTIFICATE_V2);
  const id = firstCertId(second ?? attributeValue(SIGNING_CERTIFICATE));
  const hash = id?.find((part) => part instanceof OctetString);
  const digest = second === undefined ? "sha1" : digestOf(id?.[0]);
  if (hash === undefined || digest === undefined) return false;
  const found = createHash(digest).update(derOf(certificate)).digest();
  return equalBytes(hash.valueBlock.valueHexView, found);
}

/** SEQUENCE { certs SEQUENCE OF ESSCertID, … }: the parts of the first. */
function firstCertId(value: unknown) {
  const certs = value instanceof Sequence ? value.valueBlock.value[0] : undefined;
  const first = certs instanceof Sequence ? certs.valueBlock.value[0] : undefined;
  return first instanceof Sequence ? first.valueBlock.value : undefined;
}

/** ESSCertIDv2 names its hash first, unless it is SHA-256. */
function digestOf(first: unknown): string | undefined {
  if (!(first instanceof Sequence)) return "sha256";
  const [name] = first.valueBlock.value;
  return name instanceof ObjectIdentifier ? DIGESTS[name.getValue()] : undefined;
}
