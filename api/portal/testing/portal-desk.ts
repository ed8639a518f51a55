import type { CaseFile } from "../../../casework/case/case-file.ts";
import { readCaseRecord } from "../../../store/case-record.ts";
import { systemAct } from "../../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../../testing/test-api.ts";
import { type PortalApp, type PortalReply, startPortalApp } from "./portal-app.ts";
import { storedCase } from "./portal-case.ts";

export interface TimelineLine {
  readonly action: string;
  readonly actor: string;
  readonly why: string | null;
}

/** Both sides of the portal: officers who give links out, and whoever comes in by them. */
export interface PortalDesk {
  readonly api: TestApi;
  readonly app: PortalApp;
  readonly officer: string;
  readonly colleague: string;
  stored(changes?: (file: CaseFile) => Partial<CaseFile>): Promise<CaseFile>;
  asOfficer(method: string, path: string, body?: unknown, user?: string): Promise<PortalReply>;
  linkOf(caseId: string, body?: object): Promise<{ linkId: string; token: string }>;
  /** Answers the second factor; the party of the tests has a phone that ends in 0000. */
  open(token: string, factor?: string): Promise<PortalReply>;
  /** A stored case, its link, and a session behind it. */
  inside(
    changes?: (file: CaseFile) => Partial<CaseFile>,
  ): Promise<{ linkId: string; token: string; file: CaseFile; bearer: string }>;
  fileNow(caseId: string): Promise<CaseFile | undefined>;
  timelineOf(subjectId: string): Promise<TimelineLine[]>;
  close(): Promise<void>;
}

export async function openPortalDesk(): Promise<PortalDesk> {
  const api = await startTestApi();
  const app = await startPortalApp(api.context);
  const officer = (await api.person(["officer"])).userId;
  const colleague = (await api.person(["officer"])).userId;
  const stored: PortalDesk["stored"] = (changes) => storedCase(api, [officer, colleague], changes);
  const asOfficer: PortalDesk["asOfficer"] = (method, path, body, user = officer) =>
    app.call(method, `/api/v1${path}`, { body, headers: { "x-test-user": user } });
  const linkOf: PortalDesk["linkOf"] = async (caseId, body = {}) => {
    const reply = await asOfficer("POST", `/cases/${caseId}/party-links`, body);
    if (reply.status !== 201) throw new Error(`giving a link answered ${reply.status}`);
    return { linkId: reply.body.linkId, token: String(reply.body.url).split("#")[1] ?? "" };
  };
  const open: PortalDesk["open"] = (token, factor = "0000") =>
    app.portal(null, "POST", "/session", { body: { token, factor } });
  return {
    api,
    app,
    officer,
    colleague,
    stored,
    asOfficer,
    linkOf,
    open,
    async inside(changes) {
      const file = await stored(changes);
      const link = await linkOf(file.caseId);
      const { body } = await open(link.token);
      return { ...link, file, bearer: body.bearer };
    },
    fileNow: async (caseId) => (await readCaseRecord(api.pool, systemAct(), caseId))?.file,
    async timelineOf(subjectId) {
      const { rows } = await api.pool.query<TimelineLine>(
        "select action, actor_kind as actor, why from timeline_entries where subject_id = $1 order by seq",
        [subjectId],
      );
      return rows;
    },
    async close() {
      await app.close();
      await api.close();
    },
  };
}
