import type { z } from "zod";
import { isFilled, type Refusal } from "../../casework/refusal.ts";
import { plateTail, type Reach } from "../../casework/warning/audience.ts";
import type { Named } from "../../config/warning-words.ts";
import { normalPlate, subjectKey } from "../../runtime/subject-key.ts";
import { noVehicleRegistry, type VehicleOwner } from "../../runtime/vehicle-registry.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError, RefusedError } from "../../store/errors.ts";
import { noteOnTimeline } from "../../store/evidence-record.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import type { IncidentDetail } from "../../store/incident-read-model.ts";
import { lockIncident } from "../../store/incident-row.ts";
import { withTx } from "../../store/pool.ts";
import { findPartiesOf, findResponsibleParty } from "../../store/responsible-party-store.ts";
import { findSpeakersOf, type Speaker } from "../../store/speaker-store.ts";
import type { WarningAudience } from "../../store/warning-store.ts";
import type { ApiContext } from "../context.ts";
import type { warnBody } from "../schemas/warnings.ts";

type Wanted = z.output<typeof warnBody>["audience"];

/** Who is told, how they can be reached, and by what name. */
export interface Addressed {
  readonly audience: WarningAudience;
  readonly reach: Reach;
  readonly named: Named;
  /** To whom an order is made out; null: nobody in particular. */
  readonly addressee: string | null;
  readonly owner: "found" | "not_found" | "unavailable" | null;
  /** The owner is still to be asked for by `askOwner`; null: there is nobody to ask for. */
  readonly plate: { readonly text: string; readonly otherReason: string | null } | null;
}

/**
 * Turns whom an officer chose into addresses. Nobody outside is asked here: a vehicle's owner only by `askOwner`, once all
 * else stands. Throws `RefusedError` for somebody the incident is not about.
 */
export async function address(
  context: ApiContext,
  act: Act,
  incident: IncidentDetail,
  facts: IncidentFactsRecord,
  wanted: Wanted,
): Promise<Addressed> {
  const speakers = await findSpeakersOf(context.pool, { cameraId: incident.cameraId, zoneId: facts.zone.id });
  switch (wanted.kind) {
    case "place":
      return {
        audience: { kind: "place", subjectKey: null, partyId: null, plateTail: null },
        reach: { speakers: soundsOf(speakers), phone: null, email: null },
        named: { plateTail: null, shop: null },
        addressee: null,
        owner: null,
        plate: null,
      };
    case "responsible_party":
      return addressParty(context, act, speakers, wanted.partyId, {
        cameraId: incident.cameraId,
        zoneId: facts.zone.id,
        at: Date.parse(incident.occurredAt),
      });
    case "vehicle_owner":
      return addressOwner(context, speakers, facts, wanted);
  }
}

async function addressParty(
  context: ApiContext,
  act: Act,
  speakers: readonly Speaker[],
  partyId: string,
  place: Parameters<typeof findPartiesOf>[1],
): Promise<Addressed> {
  const party = await findResponsibleParty(context.pool, act.scope, partyId);
  if (party === undefined) throw new NotFoundError("responsible party", partyId);
  const answerable = await findPartiesOf(context.pool, place);
  if (!answerable.some((one) => one.partyId === partyId)) throw new RefusedError(notAnswerable);
  // Its own loudspeaker, or none: what is said to one shop is not for the whole street.
  const own = speakers.filter(({ speakerId }) => speakerId === party.speakerId);
  return {
    audience: {
      kind: "responsible_party",
      partyId,
      subjectKey: subjectKey(context.linkSecret, { kind: "party", partyId }),
      plateTail: null,
    },
    reach: { speakers: soundsOf(own), phone: party.phone, email: party.email },
    named: { plateTail: null, shop: party.name },
    addressee: party.name,
    owner: null,
    plate: null,
  };
}

function addressOwner(
  context: ApiContext,
  speakers: readonly Speaker[],
  facts: IncidentFactsRecord,
  { plate, otherPlateReason }: Extract<Wanted, { kind: "vehicle_owner" }>,
): Addressed {
  const text = normalPlate(plate);
  const isOther = facts.plate !== null && normalPlate(facts.plate.text) !== text;
  if (isOther && !isFilled(otherPlateReason)) throw new RefusedError(otherPlate);
  const tail = plateTail(text);
  return {
    audience: {
      kind: "vehicle_owner",
      subjectKey: subjectKey(context.linkSecret, { kind: "plate", plate }),
      partyId: null,
      plateTail: tail,
    },
    reach: { speakers: soundsOf(speakers), phone: null, email: null },
    named: { plateTail: tail, shop: null },
    addressee: `车牌尾号${tail}车辆所有人`,
    owner: null,
    plate: { text, otherReason: isOther ? (otherPlateReason ?? null) : null },
  };
}

/**
 * Asks the vehicle registry for the owner, after the officer's click on a plate they confirmed. That it is asked, and by
 * whom, is on record before it is, as the subject's key and never as the plate. When it cannot say, an officer hands the
 * letter over.
 */
export async function askOwner(
  context: ApiContext,
  act: Act,
  incidentId: string,
  addressed: Addressed,
): Promise<Addressed> {
  const { plate, audience } = addressed;
  if (plate === null) return addressed;
  await withTx(context.pool, async (tx) => {
    await lockIncident(tx, act, incidentId);
    const detail = { subjectKey: audience.subjectKey, otherPlate: plate.otherReason !== null };
    await noteOnTimeline(tx, act, incidentId, "owner_asked", detail, plate.otherReason);
  });
  const { owner, status } = await askRegistry(context, plate.text);
  return {
    ...addressed,
    reach: { ...addressed.reach, phone: owner?.phone ?? null },
    addressee: owner?.name ?? addressed.addressee,
    owner: status,
  };
}

async function askRegistry(
  context: ApiContext,
  plate: string,
): Promise<{ owner: VehicleOwner | null; status: Addressed["owner"] }> {
  const { vehicleRegistry = noVehicleRegistry, log } = context;
  try {
    const owner = await vehicleRegistry.findOwner(plate);
    return { owner, status: owner === null ? "not_found" : "found" };
  } catch (err) {
    log.warn({ err }, "the vehicle registry cannot say; an officer hands the letter over");
    return { owner: null, status: "unavailable" };
  }
}

function soundsOf(speakers: readonly Speaker[]): Reach["speakers"] {
  return speakers.map(({ transport, address }) => ({ transport, address }));
}

const otherPlate: Refusal = {
  code: "warning.other_plate",
  article: "grxx:6",
  messageZh: "填写的车牌与记录识别的车牌不一致，请核对；确需按另一车牌查询的，请写明理由。",
  messageEn: "This is not the plate on the record: check it, or say why another one is asked about.",
};

const notAnswerable: Refusal = {
  code: "warning.party_not_answerable",
  messageZh: "该责任单位在事发时不负责该区域，请重新选择。",
  messageEn: "This party did not answer for that zone when it happened: choose another one.",
};
