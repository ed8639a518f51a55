import { join } from "node:path";
import type pg from "pg";
import { composeWarning } from "../../casework/warning/warning.ts";
import type { Camera, Rule } from "../../pipeline/domain/types.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { hashToken } from "../../runtime/warning-link.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import { withTx } from "../../store/pool.ts";
import { claimIncident, confirmIncident } from "../../store/review-store.ts";
import { createWarning } from "../../store/warning-store.ts";
import { ffmpeg } from "../../test-fixtures/clips.ts";
import {
  allYes,
  makeCamera,
  makeIncident,
  makeUser,
  type TestUser,
  userAct,
} from "../../test-fixtures/store-builders.ts";

/** Where a van stands all the time in the sample footage, and a generous zone around it. */
const VAN: IncidentFactsRecord["box"] = [0.836, 0.072, 0.943, 0.176];
const KERB: [number, number][] = [
  [0.82, 0.05],
  [1, 0.05],
  [1, 0.2],
  [0.82, 0.2],
];

const rule: Rule = {
  id: "kerb-parking",
  violation: "vehicle_sidewalk",
  zone: "kerb",
  labels: ["car", "truck", "bus"],
  minScore: 0.3,
  dwellSeconds: 30,
  stationary: true,
  minCount: 1,
  graceSeconds: 600,
  schedule: [],
};

/** Clips of the sample place: with the van, without it, and so dark that nobody can say. */
export async function recheckClips(dir: string): Promise<Record<"there" | "gone" | "dark", string>> {
  const source = await sampleFootage();
  const make = async (name: string, filter: string) => {
    const path = join(dir, `${name}.mp4`);
    await ffmpeg(["-t", "8", "-i", source, "-vf", filter, "-c:v", "libx264", "-g", "10", path]);
    return path;
  };
  return {
    there: await make("there", "null"),
    // The road goes on where the van and its neighbours stood.
    gone: await make("gone", "drawbox=x=iw*0.76:y=0:w=iw*0.24:h=ih*0.26:color=0x8a8a86:t=fill"),
    dark: await make("dark", "drawbox=c=black:t=fill"),
  };
}

export interface WarnedIncident {
  readonly incidentId: string;
  readonly warningId: string;
  readonly recheckId: string;
  readonly cameraId: string;
  readonly officer: TestUser;
}

/** An incident at a camera that plays this clip again and again, warned about, whose grace ends at `graceUntil`. */
export async function warnAtCamera(
  pool: pg.Pool,
  url: string,
  { graceUntil, camera = {} }: { graceUntil: number; camera?: Partial<Camera> },
): Promise<WarnedIncident> {
  const cameraId = await makeCamera(pool, {
    source: { url, transport: "tcp", pace: "live", loop: true },
    zones: [{ id: "kerb", polygon: KERB }],
    rules: [rule],
    ...camera,
  });
  const facts: IncidentFactsRecord = {
    label: "car",
    score: 0.7,
    box: VAN,
    location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
    zone: { id: "kerb", polygon: KERB },
    rule: { id: rule.id, dwellSeconds: 30, graceSeconds: 600 },
    startedAt: "2026-03-10T00:53:20.000Z",
    dwellMs: 30_000,
    unobservedMs: 0,
    ledger: [],
    model: { id: "default", sha256: "c".repeat(64) },
    capture: null,
    plate: null,
  };
  const still = (folder: string, sha: string) => ({
    path: `${folder}/still-3-trigger.jpg`,
    role: "wide",
    mediaType: "image/jpeg",
    sha256: sha.repeat(64),
    sizeBytes: 1,
  });
  const evidence = [still("originals", "d"), still("masked", "e")];
  const incidentId = await makeIncident(pool, cameraId, { facts, evidence });
  const officer = await makeUser(pool, ["content_reviewer", "officer"]);
  const act = userAct(officer);
  const letters = composeWarning({
    ...{ place: "人民南路二段", occurredAt: act.at, violationZh: "乱停", violationEn: "parking" },
    ...{
      requestZh: "移走",
      requestEn: "move it",
      basisZh: "道交法",
      basisEn: "law",
      agencyZh: "局",
      agencyEn: "bureau",
    },
    ...{ graceUntil, writtenAt: act.at },
  });
  return withTx(pool, async (tx) => {
    await claimIncident(tx, act, incidentId);
    await confirmIncident(tx, act, incidentId, allYes);
    const { warningId, recheckId } = await createWarning(tx, act, {
      ...{ incidentId, letters, graceUntil, channels: ["log"], minorFirst: true, namesSomeone: false },
      linkTokenHash: hashToken(incidentId),
    });
    return { incidentId, warningId, recheckId, cameraId, officer };
  });
}
