import type pg from "pg";
import type { Actor } from "../../casework/roles.ts";
import { lawStanding } from "../../config/law-ranks.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import {
  grantAuthority,
  recordInspection,
  recordListing,
  recordReview,
} from "../../store/camera-compliance-store.ts";
import { withTx } from "../../store/pool.ts";

const good = { ok: true, note: "符合要求" };

/**
 * Makes a camera's records usable from 2026 on: both reviews passed, published in time, sign and upkeep on record, and
 * beside other evidence rather than only as a clue. In a real place each of these is a person's work on its own day.
 */
export async function fitCamera(
  pool: pg.Pool,
  cameraId: string,
  { lawyer, technician }: { readonly lawyer: Actor; readonly technician: Actor },
): Promise<void> {
  const on = (day: string, actor: Actor): Act => ({
    actor,
    scope: "every",
    at: Date.parse(`${day}T10:00:00+08:00`),
    newId,
  });
  const validity = { validFrom: "2025-12-01", validTo: "2027-11-30" } as const;
  await withTx(pool, async (tx) => {
    await recordReview(tx, on("2025-11-20", lawyer), cameraId, {
      kind: "legal",
      opinion: "同意设置",
      ...validity,
      findings: {
        ...{ ground: good, standard: good, placement: good },
        ...{ lawful_place: good, sign: good, publicity: good },
      },
    });
    await recordReview(tx, on("2025-11-20", technician), cameraId, {
      kind: "technical",
      opinion: "技术指标合格",
      ...validity,
      findings: { resolution: good, time: good, position: good, storage: good },
    });
    await recordListing(tx, on("2025-11-21", technician), cameraId, {
      listed: true,
      purpose: "市容秩序管理",
      responsibleBody: "成都市武侯区综合行政执法局",
      publishedOn: "2025-11-21",
      useFrom: "2026-01-01",
    });
    await recordInspection(tx, on("2025-12-10", technician), cameraId, {
      kind: "sign",
      passed: true,
      doneOn: "2025-12-10",
      fileSha256: "d".repeat(64),
      note: "标识牌完好",
    });
    await recordInspection(tx, on("2025-12-10", technician), cameraId, {
      kind: "maintenance",
      passed: true,
      doneOn: "2025-12-10",
      nextDue: "2027-06-30",
      note: "镜头清洁、时钟校准",
    });
    await grantAuthority(
      tx,
      on("2025-12-20", lawyer),
      cameraId,
      {
        authority: "corroborative",
        citation: { law: "xzcf", article: "41" },
        reason: "与现场检查等证据相互印证使用",
        validFrom: "2026-01-01",
        validTo: "2026-12-31",
      },
      lawStanding,
    );
  });
}
