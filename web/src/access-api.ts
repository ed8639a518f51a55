import type {
  AccessReply,
  GrantListReply,
  GrantReply,
  HoldListReply,
} from "../../api/schemas/evidence-access.ts";
import type { ExportBody } from "../../api/schemas/evidence-export.ts";
import { call, saveFile } from "./api.ts";

export type Access = AccessReply;
export type Grant = GrantReply;
export type Holds = HoldListReply;

const at = encodeURIComponent;

/** Who may see originals, what is held, and what leaves the house. */
export const accessApi = {
  access: (incidentId: string) => call<Access>("GET", `/incidents/${at(incidentId)}/access`),
  request: (incidentId: string, ask: { purpose: string; reason: string; hours: number }) =>
    call<Grant>("POST", `/incidents/${at(incidentId)}/access-requests`, ask),
  waiting: () => call<GrantListReply>("GET", "/access-requests?state=pending&limit=100"),
  approve: (grantId: string) => call<Grant>("POST", `/access-requests/${at(grantId)}/approve`, {}),
  decline: (grantId: string, note: string) =>
    call<Grant>("POST", `/access-requests/${at(grantId)}/decline`, { note }),
  revoke: (grantId: string, note: string) =>
    call<Grant>("POST", `/access-requests/${at(grantId)}/revoke`, { note }),
  /** Saves the bundle as a zip. */
  export: (incidentId: string, wish: ExportBody) => saveFile(`/incidents/${at(incidentId)}/export`, wish),
  holds: (incidentId: string) => call<Holds>("GET", `/incidents/${at(incidentId)}/holds`),
  hold: (incidentId: string, reason: string) =>
    call<{ holdId: string }>("POST", `/incidents/${at(incidentId)}/holds`, { reason }),
  release: (holdId: string, reason: string) =>
    call<{ holdId: string }>("POST", `/holds/${at(holdId)}/release`, { reason }),
};
