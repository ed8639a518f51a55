import type { Rule } from "../../pipeline/domain/types.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import { allYes, makeCamera } from "../../test-fixtures/store-builders.ts";
import type { CasePeople } from "./case-api.ts";
import type { TestApi } from "./test-api.ts";
import { facts, sealedIncident } from "./test-incidents.ts";

/** Where a van stands all the time in the sample footage, and a generous zone around it. */
const VAN: IncidentFactsRecord["box"] = [0.836, 0.072, 0.943, 0.176];
const KERB: [number, number][] = [
  [0.82, 0.05],
  [1, 0.05],
  [1, 0.2],
  [0.82, 0.2],
];

const rule: Rule = {
  id: "kerb-vending",
  violation: "street_vending",
  zone: "kerb",
  labels: ["car", "truck", "bus"],
  minScore: 0.3,
  dwellSeconds: 30,
  stationary: true,
  minCount: 1,
  graceSeconds: 600,
  schedule: [],
};

/** A camera that shows this clip again and again, and who answers for the ground it looks at. */
export interface WatchedPlace {
  readonly cameraId: string;
  readonly partyId: string;
  readonly email: string;
}

/** Registers camera, responsible party and, if there is one, the party's own loudspeaker. */
export async function watchedPlace(
  api: TestApi,
  { head }: Pick<CasePeople, "head">,
  { clip, email, speaker }: { readonly clip: string; readonly email: string; readonly speaker?: string },
): Promise<WatchedPlace> {
  const cameraId = await makeCamera(api.pool, {
    source: { url: clip, transport: "tcp", pace: "live", loop: true },
    zones: [{ id: rule.zone, polygon: KERB }],
    rules: [rule],
  });
  const make = async (path: string, body: object) => {
    const reply = await head.post(path, { cameraId, zoneId: rule.zone, ...body });
    if (reply.status !== 201)
      throw new Error(`${path} answered ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const speakerId =
    speaker === undefined
      ? null
      : (await make("/speakers", { transport: "mqtt", address: speaker })).speakerId;
  const { partyId } = await make("/responsible-parties", {
    ...{ kind: "shop", name: "示例流动摊位", email, speakerId, validFrom: "2026-01-01" },
  });
  return { cameraId, partyId, email };
}

/** A vending van was seen there five minutes ago; the officer has reviewed the record and confirmed it. */
export async function confirmedAt(
  api: TestApi,
  { officer }: Pick<CasePeople, "officer">,
  { cameraId }: WatchedPlace,
): Promise<string> {
  const triggeredAt = api.clock.at - 300_000;
  const { incidentId } = await sealedIncident(
    api,
    {},
    {
      ...{ cameraId, violation: rule.violation, triggeredAt, occurredAt: triggeredAt - 300_000 },
      facts: {
        ...facts,
        ...{ box: VAN, zone: { id: rule.zone, polygon: KERB } },
        rule: { id: rule.id, dwellSeconds: rule.dwellSeconds, graceSeconds: rule.graceSeconds },
        capture: { grade: "evidence", shortfalls: [] },
      },
    },
  );
  await officer.post(`/incidents/${incidentId}/claim`);
  const { body } = await officer.post(`/incidents/${incidentId}/confirm`, { tests: allYes });
  if (body.state !== "confirmed") throw new Error(`confirming answered ${JSON.stringify(body)}`);
  return incidentId;
}
