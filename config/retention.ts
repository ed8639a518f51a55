import { z } from "zod";
import type { RetentionParameters } from "../casework/evidence/retention.ts";
import { readCatalogue } from "./catalogue.ts";

/**
 * `rawDays`: fewer than 30 would break 公共安全视频图像信息系统管理条例 17; local rules may ask for more, up to a year.
 * `reviewDays`: within these a capture is reviewed or never used (I6), as long as the year has no working-day calendar;
 * with one, parameter `review.max` says. Calendar days: seven hold five working days of an ordinary week. Review ends
 * before the evidence is deleted.
 */
export const retentionSchema = z.strictObject({
  rawDays: z.int().min(30).max(366),
  reviewDays: z.int().min(5).max(29),
});

/** Parameters `retention.raw_days` and the time for review, from config/catalogue/retention.json. */
export const retention: RetentionParameters & { readonly reviewDays: number } = retentionSchema.parse(
  readCatalogue("retention.json"),
);
