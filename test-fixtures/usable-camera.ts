import type pg from "pg";
import type { NewReview } from "../casework/camera/record-guards.ts";
import type { UseAuthority } from "../casework/case/step-facts.ts";
import { newId } from "../runtime/ids.ts";
import type { Act } from "../store/act.ts";
import {
  grantAuthority,
  recordInspection,
  recordListing,
  recordReview,
} from "../store/camera-compliance-store.ts";
import { recordLegalQualification } from "../store/certificate-store.ts";
import { withTx } from "../store/pool.ts";
import { makeUser, systemAct, type TestUser, userAct } from "./store-builders.ts";

/** 5 January 2026, 09:00 in Shanghai: when a usable camera was seen to. */
export const seenTo = Date.parse("2026-01-05T01:00:00Z");

const good = { ok: true, note: "" };

export const goodLegalReview = {
  kind: "legal",
  opinion: "同意使用",
  validFrom: "2026-01-05",
  validTo: "2026-12-31",
  findings: {
    ground: { ok: true, note: "城市市容和环境卫生管理条例" },
    standard: good,
    placement: good,
    lawful_place: good,
    sign: good,
    publicity: good,
  },
} as const satisfies NewReview;

export const goodTechnicalReview = {
  kind: "technical",
  opinion: "符合要求",
  validFrom: "2026-01-05",
  validTo: "2026-12-31",
  findings: { resolution: good, time: good, position: good, storage: good },
} as const satisfies NewReview;

export const goodListing = {
  listed: true,
  purpose: "查处违法占道停车",
  responsibleBody: "成都市武侯区综合行政执法局",
  publishedOn: "2026-01-05",
  useFrom: "2026-02-10",
} as const;

/** Somebody who may make legal reviews. */
export async function makeLegalReviewer(pool: pg.Pool): Promise<TestUser> {
  const user = await makeUser(pool, ["legal_reviewer"]);
  await withTx(pool, (tx) => recordLegalQualification(tx, systemAct(), user.userId, true));
  return user;
}

/**
 * Everything that makes a camera's records usable in 2026 from 10 February on (B-01 … B-04), and what they may be used
 * for. Returns who reviewed it.
 */
export async function makeUsable(
  pool: pg.Pool,
  cameraId: string,
  authority: UseAuthority = "corroborative",
): Promise<{ lawyer: TestUser; engineer: TestUser }> {
  const lawyer = await makeLegalReviewer(pool);
  const engineer = await makeUser(pool, ["equipment_reviewer"]);
  const law: Act = userAct(lawyer, seenTo);
  const technical: Act = userAct(engineer, seenTo);
  const done = { passed: true, doneOn: "2026-01-05", note: "现场检查" } as const;
  await withTx(pool, async (tx) => {
    await recordReview(tx, law, cameraId, goodLegalReview);
    await recordReview(tx, technical, cameraId, goodTechnicalReview);
    await recordListing(tx, technical, cameraId, goodListing);
    await recordInspection(tx, technical, cameraId, { ...done, kind: "sign", fileSha256: "c".repeat(64) });
    await recordInspection(tx, technical, cameraId, { ...done, kind: "maintenance", nextDue: "2026-12-31" });
    if (authority === "lead_only") return;
    const grant = {
      authority,
      citation: { law: "djaq", article: "114" },
      reason: `测试 ${newId("why")}`,
      validFrom: "2026-01-05",
      validTo: "2026-12-31",
    };
    await grantAuthority(tx, law, cameraId, grant, () => ({ rank: "law", verified: true }));
  });
  return { lawyer, engineer };
}
