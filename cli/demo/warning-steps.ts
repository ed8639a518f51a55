import { randomUUID } from "node:crypto";
import type pg from "pg";
import { PERSUASION } from "../../casework/warning/ladder.ts";
import { composeWarning, graceEnd } from "../../casework/warning/warning.ts";
import { violationOf } from "../../config/legal-basis.ts";
import { warningFactsOf } from "../../config/warning-words.ts";
import { subjectKey } from "../../runtime/subject-key.ts";
import { hashToken, warningToken } from "../../runtime/warning-link.ts";
import { findIncident } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { decideCorrection } from "../../store/recheck-store.ts";
import { addResponsibleParty } from "../../store/responsible-party-store.ts";
import { claimIncident, confirmIncident } from "../../store/review-store.ts";
import { createWarning } from "../../store/warning-store.ts";
import { demoCamera } from "./demo-incidents.ts";
import type { StoreDriver } from "./store-driver.ts";

const yes = { answer: "yes" } as const;
/** Links and keys of a demo open nothing. */
const SECRET = randomUUID();

/** The shop that answers for the ground before it (门前三包). */
export async function registerShop(pool: pg.Pool, driver: StoreDriver): Promise<string> {
  const { partyId } = await withTx(pool, (tx) =>
    addResponsibleParty(tx, driver.act("unitHead"), {
      cameraId: demoCamera.id,
      zoneId: "kerb",
      kind: "shop",
      name: "示例水果摊（门前责任单位）",
      phone: "13800000008",
      email: null,
      speakerId: null,
      unifiedCode: null,
      validFrom: "2026-01-01",
      validTo: null,
    }),
  );
  driver.tell("unitHead", "register_responsible_party", { documents: [] });
  return partyId;
}

/** A person looks at the record and answers the four tests. */
export async function review(pool: pg.Pool, driver: StoreDriver, incidentId: string): Promise<void> {
  const act = driver.act("reviewer");
  await withTx(pool, (tx) => claimIncident(tx, act, incidentId));
  await withTx(pool, (tx) =>
    confirmIncident(tx, act, incidentId, { true: yes, clear: yes, complete: yes, accurate: yes }),
  );
  driver.tell("reviewer", "confirm", { state: "confirmed", documents: [] });
}

/** Warns the registered shop over the log channel: a demo sends nothing to anybody. */
export async function warn(
  pool: pg.Pool,
  driver: StoreDriver,
  incidentId: string,
  partyId: string,
): Promise<void> {
  const incident = await findIncident(pool, "every", incidentId);
  if (incident === undefined) throw new Error(`there is no incident ${incidentId}`);
  const act = driver.act("officer");
  const { minorFirst, graceSeconds } = violationOf(incident.violation);
  const graceUntil = graceEnd(act.at, graceSeconds);
  const facts = warningFactsOf({
    violation: incident.violation,
    place: incident.place,
    occurredAt: Date.parse(incident.occurredAt),
    graceUntil,
    writtenAt: act.at,
  });
  await withTx(pool, (tx) =>
    createWarning(tx, act, {
      incidentId,
      graceUntil,
      minorFirst,
      letters: composeWarning(facts),
      linkTokenHash: hashToken(warningToken(SECRET, incidentId, PERSUASION)),
      channels: ["log"],
      namesSomeone: true,
      audience: {
        kind: "responsible_party",
        partyId,
        subjectKey: subjectKey(SECRET, { kind: "party", partyId }),
        plateTail: null,
      },
    }),
  );
  driver.tell("officer", "persuade", { state: "persuading", documents: [] });
}

/** The officer who went to look says how it ended. */
export async function settle(
  pool: pg.Pool,
  driver: StoreDriver,
  incidentId: string,
  result: "corrected" | "not_corrected",
  note: string,
): Promise<void> {
  await withTx(pool, (tx) =>
    decideCorrection(tx, driver.act("officer"), incidentId, { result, note, recheckId: null }),
  );
  driver.tell("officer", result === "corrected" ? "mark_corrected" : "mark_not_corrected", {
    state: result,
    documents: [],
  });
}
