import type { z } from "zod";
import type { DeliveryReply, deliveryListReply } from "../../api/schemas/deliveries.ts";
import type {
  ladderReply,
  partyReply,
  recheckView,
  templateListReply,
  warnBody,
  warnReply,
} from "../../api/schemas/warnings.ts";
import { call, type Incident } from "./api.ts";

export type Ladder = z.infer<typeof ladderReply>;
export type Warn = z.input<typeof warnBody>;
export type WarningMade = z.infer<typeof warnReply>;
export type Recheck = z.infer<typeof recheckView>;
export type TemplateList = z.infer<typeof templateListReply>;
export type ResponsibleParty = z.infer<typeof partyReply>;
export type Delivery = DeliveryReply;
export type DeliveryPage = z.infer<typeof deliveryListReply>;

const at = encodeURIComponent;

/** Asking before punishing: the ladder, what is said to whom, the second look and what came of it. */
export const warningApi = {
  ladder: (id: string, partyId = "") =>
    call<Ladder>("GET", `/incidents/${at(id)}/ladder${partyId === "" ? "" : `?partyId=${at(partyId)}`}`),
  warn: (id: string, warning: Warn = {}) =>
    call<WarningMade>("POST", `/incidents/${at(id)}/warning`, warning),
  templates: () => call<TemplateList>("GET", "/warning-templates"),
  party: (id: string) => call<ResponsibleParty>("GET", `/responsible-parties/${at(id)}`),
  rechecks: (id: string) =>
    call<{ items: Recheck[] }>("GET", `/incidents/${at(id)}/rechecks`).then(({ items }) => items),
  lookAgain: (id: string) => call<{ recheckId: string }>("POST", `/incidents/${at(id)}/recheck`, {}),
  /** `recheckId`: the look it rests on; null: what the officer saw. */
  decide: (id: string, result: "corrected" | "not-corrected", note: string, recheckId: string | null) =>
    call<Incident>("POST", `/incidents/${at(id)}/${result}`, { note, recheckId }),
  dispatch: (id: string, note: string) => call<Incident>("POST", `/incidents/${at(id)}/dispatch`, { note }),
  handOver: (id: string, how: "transfer" | "work-order", target: string) =>
    call<Incident>("POST", `/incidents/${at(id)}/${how}`, { target }),
  deliveries: (state: string, cursor: string | null = null) =>
    call<DeliveryPage>(
      "GET",
      `/deliveries?limit=50&state=${at(state)}${cursor === null ? "" : `&cursor=${at(cursor)}`}`,
    ),
  retry: (deliveryId: string) => call<Delivery>("POST", `/deliveries/${at(deliveryId)}/retry`, {}),
};
