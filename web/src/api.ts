import type { CaseReply } from "../../api/schemas/cases.ts";
import type {
  IncidentListReply,
  IncidentReply,
  OpenCaseReply,
  WarnReply,
} from "../../api/schemas/incidents.ts";
import type { SessionReply } from "../../api/schemas/session.ts";

export type Incident = IncidentReply;
export type IncidentItem = IncidentListReply["items"][number];
export type Session = SessionReply;
export type Case = CaseReply;

/** What the API said no with: `code` for programs, two sentences for people. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly titleZh: string | undefined;

  constructor(
    status: number,
    body: { code?: string; title?: string; titleZh?: string; faults?: { path: string; message: string }[] },
  ) {
    const faults = body.faults?.map((fault) => `${fault.path}: ${fault.message}`).join("; ");
    super(faults ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.titleZh = body.titleZh;
  }
}

let csrfToken = "";

/** One call to the API below /api/v1, that replies with JSON. Throws `Problem`. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
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

async function send(method: string, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-csrf-token"] = csrfToken;
  if (body !== undefined) headers["content-type"] = "application/json";
  return fetch(`/api/v1${path}`, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Problem(0, {
      code: "offline",
      title: "The server does not answer",
      titleZh: "服务器没有响应，请检查网络",
    });
  });
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
  warn: (id: string) => call<WarnReply>("POST", `/incidents/${encodeURIComponent(id)}/warning`, {}),
  case: (id: string) => call<Case>("GET", `/cases/${encodeURIComponent(id)}`),
  submitFiling: (id: string, officers: string[], officerRecord: string | null) =>
    call<Case>("POST", `/cases/${encodeURIComponent(id)}/submit-filing`, { officers, officerRecord }),
  endorseFiling: (id: string) => call<Case>("POST", `/cases/${encodeURIComponent(id)}/endorse-filing`, {}),
  approveFiling: (id: string) => call<Case>("POST", `/cases/${encodeURIComponent(id)}/approve-filing`, {}),
  openCase: (id: string, ground: string, note: string) =>
    call<OpenCaseReply>("POST", `/incidents/${encodeURIComponent(id)}/case`, { ground, note }),
};
