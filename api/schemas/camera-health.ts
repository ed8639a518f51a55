import { z } from "zod";
import { spanKinds } from "../../pipeline/domain/health/kinds.ts";
import { taskKinds } from "../../store/camera-task-store.ts";
import { instant, plainText } from "./common.ts";

export const cameraIdParams = z.object({ id: plainText().min(1).max(200) });
export const cameraTaskIdParams = z.object({ id: plainText().min(1).max(80) });

/** An instant as a program writes it: ISO 8601 with its offset. */
const instantQuery = z.iso.datetime({ offset: true });
export const healthQuery = z.object({ from: instantQuery, to: instantQuery });

export const cameraHealthReply = z
  .object({
    cameraId: z.string(),
    from: instant,
    to: instant.meta({ description: "UTC; not later than now" }),
    spans: z
      .array(z.object({ kind: z.enum(spanKinds), from: instant, to: instant }))
      .meta({ description: "All of the time without a hole; only `watched` means that it saw" }),
    totals: z.record(z.enum(spanKinds), z.number().int()).meta({ description: "Milliseconds of each kind" }),
  })
  .meta({ id: "CameraHealth" });

export const cameraTaskQuery = z.object({
  state: z.enum(["open", "resolved"]).default("open"),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const cameraTask = z
  .object({
    taskId: z.string(),
    cameraId: z.string(),
    cameraName: z.string(),
    region: z.string(),
    place: z.string(),
    kind: z.enum(taskKinds),
    openedAt: instant,
    resolvedAt: instant.nullable(),
    resolvedBy: z
      .string()
      .nullable()
      .meta({ description: "User; null while open, or when the camera was well again by itself" }),
    note: z.string().nullable(),
    acceptedAt: instant.nullable().meta({ description: "When the view was accepted as the right one" }),
  })
  .meta({ id: "CameraTask" });
export const cameraTaskListReply = z.object({ items: z.array(cameraTask) });

export const resolveTaskBody = z.strictObject({
  note: plainText().trim().min(1).max(1000),
  acceptView: z.boolean().default(false),
});
