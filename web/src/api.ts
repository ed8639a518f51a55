import type { IncidentListReply, IncidentReply, OpenCaseReply } from "../../api/schemas/incidents.ts";
import type { SessionReply } from "../../api/schemas/session.ts";

export type Incident = IncidentReply;
export type IncidentItem = IncidentListReply["items"][number];
export type Session = SessionReply;

/** One reason why something is not allowed, with the article it comes from, `xzcf:44`. */
export interface Objection {
  readonly code?: string;
  readonly title?: string;
  readonly titleZh?: string;
  readonly article?: string;
}

interface ProblemBody extends Objection {
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
  readonly also?: readonly Objection[];
}

/** What the API said no with: `code` for programs, two sentences for people; `also`: whatever else stands in the way. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly titleZh: string | undefined;
  readonly article: string | undefined;
  readonly also: readonly Objection[];

  constructor(status: number, body: ProblemBody) {
    const faults = body.faults?.map((fault) => `${fault.path}: ${fault.message}`).join("; ");
    super(faults ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    // What exactly is wrong with the input is said in any language.
    this.titleZh = body.titleZh && faults ? `${body.titleZh}（${faults}）` : body.titleZh;
    this.article = body.article;
    this.also = body.also ?? [];
  }
}

let csrfToken = "";

/**
 * One call to the API below /api/v1, that replies with JSON.
 *
 * @param version of what is changed, where it must still be the one that was seen
 * @throws Problem
 */
export async function call<T>(method: string, path: string, body?: unknown, version?: number): Promise<T> {
  const response = await send(method, path, body, version);
  const reply: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, reply as ConstructorParameters<typeof Problem>[1]);
  return reply as T;
}

/** The same where the reply is a file: the browser saves it under the name the API gave. Throws `Problem`. */
export async function saveFile(path: string, body: unknown): Promise<void> {
  const response = await send("POST", path, body);
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: name ?? "" });
  link.click();
  // Not at once: some browsers read it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What was asked and not answered yet, with the key it was asked with: asked once more, it is still done once. Never a password. */
const unanswered = new Map<string, string>();

function keyFor(request: string): string {
  // Not randomUUID: browsers have it over https only, and an office network may be without.
  const key =
    unanswered.get(request) ??
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  unanswered.set(request, key);
  return key;
}

/** Whether what was asked is settled: not where a gateway gave up waiting, nor while the first try is under way. */
function isAnswer({ status, headers }: Response): boolean {
  return status < 500 && !(status === 409 && headers.has("retry-after"));
}

async function send(method: string, path: string, body: unknown, version?: number): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = `${path} ${text}`;
  if (method !== "GET") headers["x-csrf-token"] = csrfToken;
  if (method === "POST" && !path.startsWith("/session")) headers["idempotency-key"] = keyFor(request);
  if (text !== undefined) headers["content-type"] = "application/json";
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: "same-origin",
      ...(text === undefined ? {} : { body: text }),
    });
    if (isAnswer(response)) unanswered.delete(request);
    return response;
  } catch {
    throw new Problem(0, {
      code: "offline",
      title: "The server does not answer",
      titleZh: "服务器没有响应，请检查网络",
    });
  }
}

function keepToken(session: Session): Session {
  csrfToken = session.csrfToken;
  return session;
}

export const api = {
  session: () => call<Session>("GET", "/session").then(keepToken),
  signIn: (login: string, password: string) =>
    call<Session>("POST", "/session", { login, password }).then(keepToken),
  signOut: () => call<Session>("DELETE", "/session").then(keepToken),
  changePassword: (current: string, next: string) =>
    call<Session>("POST", "/session/password", { current, next }).then(keepToken),
  incidents: (state: string) =>
    call<IncidentListReply>("GET", `/incidents?state=${encodeURIComponent(state)}&limit=100`),
  incident: (id: string) => call<Incident>("GET", `/incidents/${encodeURIComponent(id)}`),
  claim: (id: string) => call<Incident>("POST", `/incidents/${encodeURIComponent(id)}/claim`, {}),
  release: (id: string) => call<Incident>("POST", `/incidents/${encodeURIComponent(id)}/release`, {}),
  confirm: (id: string, tests: object) =>
    call<Incident>("POST", `/incidents/${encodeURIComponent(id)}/confirm`, { tests }),
  reject: (id: string, reason: string, text: string | null) =>
    call<Incident>("POST", `/incidents/${encodeURIComponent(id)}/reject`, { reason, text }),
  openCase: (id: string, ground: string, note: string) =>
    call<OpenCaseReply>("POST", `/incidents/${encodeURIComponent(id)}/case`, { ground, note }),
};
