import { X509Certificate } from "node:crypto";
import {
  Certificate,
  ContentInfo,
  id_ContentType_SignedData,
  id_eContentType_TSTInfo,
  SignedData,
  TSTInfo,
} from "pkijs";
import { bufferOf } from "./request.ts";

/** What a timestamp token (RFC 3161, section 2.4.2) holds. Nothing in it is checked yet. */
export interface TimestampToken {
  readonly signed: SignedData;
  readonly info: TSTInfo;
  /** Those that travel with the token. */
  readonly certificates: readonly Certificate[];
}

/** @throws Error unless it is signed data over one TSTInfo by one signer */
export function readToken(token: Uint8Array): TimestampToken {
  const content = ContentInfo.fromBER(bufferOf(token));
  if (content.contentType !== id_ContentType_SignedData) throw new Error("not signed data");
  const signed = new SignedData({ schema: content.content });
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== id_eContentType_TSTInfo || eContent === undefined) throw new Error("no TSTInfo in it");
  if (signed.signerInfos.length !== 1) throw new Error(`${signed.signerInfos.length} signers instead of one`);
  const certificates = (signed.certificates ?? []).filter((item) => item instanceof Certificate);
  const info = TSTInfo.fromBER(eContent.getValue());
  if (Number.isNaN(info.genTime.getTime())) throw new Error("no time in it");
  return { signed, info, certificates };
}

/** The same certificate as OpenSSL reads it; undefined when it cannot. */
export function asX509(certificate: Certificate): X509Certificate | undefined {
  try {
    return new X509Certificate(derOf(certificate));
  } catch {
    return undefined;
  }
}

export function derOf(certificate: Certificate): Uint8Array {
  return new Uint8Array(certificate.toSchema().toBER());
}
