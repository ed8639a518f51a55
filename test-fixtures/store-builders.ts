import type pg from "pg";
import type { Actor, RoleId } from "../casework/roles.ts";
import type { Camera, EpochMs } from "../pipeline/domain/types.ts";
import { newId } from "../runtime/ids.ts";
import type { Act, RegionScope } from "../store/act.ts";
import { putCamera } from "../store/camera-store.ts";
import { type NewIncident, recordIncident } from "../store/incident-store.ts";
import { withTx } from "../store/pool.ts";
import { addUser } from "../store/user-store.ts";

/** 2026-03-10 09:00 in Shanghai: the day on which tests happen. */
export const testDay: EpochMs = Date.parse("2026-03-10T01:00:00Z");

export const county = "510107";

/** Our own program at work, everywhere. */
export function systemAct(at: EpochMs = testDay): Act {
  return { actor: { kind: "system", name: "test" }, scope: "every", at, newId };
}

/** A person at work in their regions. */
export function userAct(user: TestUser, at: EpochMs = testDay): Act {
  return { actor: user.actor, scope: user.regions, at, newId };
}

export interface TestUser {
  readonly userId: string;
  readonly actor: Actor & { readonly kind: "user" };
  readonly regions: RegionScope & readonly string[];
}

/** A user with these roles whose password fits nothing. */
export async function makeUser(
  pool: pg.Pool,
  roles: readonly RoleId[],
  regions: readonly string[] = [county],
): Promise<TestUser> {
  const login = newId("u");
  const { userId } = await withTx(pool, (tx) =>
    addUser(tx, systemAct(), {
      login,
      displayName: `${roles.join("+")} ${login.slice(-4)}`,
      passwordHash: "none",
      mustChangePassword: false,
      roles,
      regions,
    }),
  );
  return { userId, actor: { kind: "user", userId, roles }, regions };
}

export function cameraFile(id: string, overrides: Partial<Camera> = {}): Camera {
  return {
    id,
    name: "人民南路二段 12 号门前",
    region: county,
    location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
    source: { url: "rtsp://viewer:hush@127.0.0.1:8554/a", transport: "tcp", pace: "live", loop: false },
    analysis: { model: "default", fps: 2, watch: "full" },
    privacyMasks: [],
    zones: [
      {
        id: "pavement",
        polygon: [
          [0.1, 0.5],
          [0.9, 0.5],
          [0.9, 0.95],
        ],
      },
    ],
    rules: [],
    ...overrides,
  };
}

/** A camera, in force since the day before. Returns its id. */
export async function makeCamera(pool: pg.Pool, overrides: Partial<Camera> = {}): Promise<string> {
  const id = newId("cam");
  await withTx(pool, (tx) =>
    putCamera(tx, systemAct(testDay - 86_400_000), { camera: cameraFile(id, overrides), enabled: true }),
  );
  return id;
}

/** One sealed candidate of this camera, just before the test's day begins. */
export function incidentOf(cameraId: string, overrides: Partial<NewIncident> = {}): NewIncident {
  const candidateId = newId("cnd");
  return {
    candidateId,
    cameraId,
    violation: "vehicle_sidewalk",
    facts: { label: "car", score: 0.83 },
    bundlePath: `bundles/${candidateId}`,
    manifestSha256: "a".repeat(64),
    occurredAt: testDay - 400_000,
    triggeredAt: testDay - 100_000,
    endedAt: null,
    reviewDue: null,
    evidence: [
      {
        path: "originals/trigger.jpg",
        role: "still-trigger",
        mediaType: "image/jpeg",
        sha256: "b".repeat(64),
        sizeBytes: 120_000,
      },
    ],
    ...overrides,
  };
}

/** An incident that waits for review. Returns its id. */
export async function makeIncident(
  pool: pg.Pool,
  cameraId: string,
  overrides: Partial<NewIncident> = {},
): Promise<string> {
  const { incidentId } = await withTx(pool, (tx) =>
    recordIncident(tx, systemAct(), incidentOf(cameraId, overrides)),
  );
  return incidentId;
}

export const allYes = {
  true: { answer: "yes" },
  clear: { answer: "yes" },
  complete: { answer: "yes" },
  accurate: { answer: "yes" },
} as const;
