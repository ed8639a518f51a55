import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface ScrapeRequest {
  /** Of the socket itself, whatever headers say. */
  readonly remoteAddress: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export interface ScrapeRules {
  /** Undefined: nobody gets in by a token. */
  readonly token: string | undefined;
  /** People reach this program through a proxy on this machine: then everybody comes from loopback. */
  readonly behindProxy: boolean;
}

/** A proxy says so by one of these, if it says so at all. */
const FORWARDED = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"] as const;

/** May this request read the metrics? With the token, or from this very machine; nobody else. */
export function mayScrape({ remoteAddress, headers }: ScrapeRequest, rules: ScrapeRules): boolean {
  if (rules.token !== undefined && isSame(headers.authorization ?? "", `Bearer ${rules.token}`)) return true;
  if (rules.behindProxy || FORWARDED.some((name) => headers[name] !== undefined)) return false;
  // The name is checked too: a page of somebody else's whose name was turned to 127.0.0.1 comes from loopback.
  return isLoopbackAddress(remoteAddress) && isLoopbackName(headers.host);
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}

function isLoopbackName(host: string | undefined): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host ?? "");
}

/** Hashes have one length, so that time tells nothing. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
