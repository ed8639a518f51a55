const SECRET_PARAM = /(pass|pwd|secret|token|key|auth|sign|credential|session|user|login|account)/i;
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi;
const HEADER_IN_TEXT = /\b((?:proxy-)?authorization|cookie|set-cookie|x-api-key)\s*:\s*[^\r\n]+/gi;

/**
 * The URL without what must not be read in a log: user and password, secrets in the query, the fragment.
 * A local path comes back as it is.
 */
export function redactUrl(url: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || rest === undefined) return url;
  const [place = ""] = withoutUserInfo(rest).split("#", 1);
  const queryAt = place.indexOf("?");
  const query = queryAt < 0 ? "" : `?${redactQuery(place.slice(queryAt + 1))}`;
  return `${scheme}${queryAt < 0 ? place : place.slice(0, queryAt)}${query}`;
}

/**
 * One line a program printed, with every URL and header in it redacted, and `secrets` (the user info of the
 * source's own URL) wherever else they appear.
 */
export function scrubLine(line: string, secrets: readonly string[] = []): string {
  let clean = line.replace(URL_IN_TEXT, (url) => redactUrl(url)).replace(HEADER_IN_TEXT, "$1: ***");
  for (const secret of secrets) clean = clean.replaceAll(secret, "***");
  return clean;
}

/**
 * The pieces of an address that are, or may be, secret, as typed and percent-decoded: user and password, and the
 * whole query, in which cameras and stream servers take tokens under any name.
 */
export function secretsOf(url: string): string[] {
  const rest = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(url)?.[1];
  if (rest === undefined) return [];
  const userInfo = rest.slice(0, Math.max(0, rest.lastIndexOf("@")));
  const colon = userInfo.indexOf(":");
  const queryAt = rest.indexOf("?");
  const query = queryAt < 0 ? "" : rest.slice(queryAt + 1);
  const found = new Set<string>();
  for (const piece of [userInfo, colon < 0 ? "" : userInfo.slice(colon + 1), query])
    for (const form of [piece, decoded(piece)]) if (form.length > 2) found.add(form);
  return [...found].sort((a, b) => b.length - a.length);
}

/** People write passwords with "/", "?", "#" and "@" as they are: rather too much is hidden than too little. */
function withoutUserInfo(rest: string): string {
  const at = rest.lastIndexOf("@");
  const [authority = ""] = rest.split(/[/?#]/, 1);
  return at >= 0 && /[@:]/.test(authority) ? `***@${rest.slice(at + 1)}` : rest;
}

function redactQuery(query: string): string {
  return query
    .split("&")
    .map((pair) => {
      const [name = "", value] = pair.split("=", 2);
      return value !== undefined && SECRET_PARAM.test(decoded(name)) ? `${name}=***` : pair;
    })
    .join("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all: the text as it is.
    return text;
  }
}
