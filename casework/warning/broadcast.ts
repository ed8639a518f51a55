import type { Refusal } from "../refusal.ts";

/** How one detector did at one camera: of its latest reviewed incidents, how many people confirmed. */
export interface ReviewedRecord {
  readonly reviewed: number;
  readonly confirmed: number;
}

/** Parameters broadcast.minReviewed and broadcast.minPrecisionPercent. */
export interface BroadcastLimits {
  readonly minReviewed: number;
  readonly minPrecisionPercent: number;
}

/**
 * Null when an anonymous request over a loudspeaker may go out without an officer's click: enough of what this detector
 * reported at this camera was reviewed, and enough of that was right. Every rejection counts against it, whatever its
 * reason. What names a person, a shop or a plate never goes out alone; that is refused where it is sent.
 */
export function refuseBroadcastAlone(record: ReviewedRecord, limits: BroadcastLimits): Refusal | null {
  const { reviewed, confirmed } = record;
  if (reviewed < limits.minReviewed) {
    return {
      code: "broadcast.too_few_reviewed",
      article: "grxx:24",
      messageZh: `该点位同类事件仅审核${reviewed}件，不足${limits.minReviewed}件，广播须由工作人员发出。`,
      messageEn: `Only ${reviewed} incidents of this kind were reviewed at this camera, ${limits.minReviewed} are needed: an officer must send the broadcast.`,
    };
  }
  if (confirmed * 100 >= limits.minPrecisionPercent * reviewed) return null;
  const percent = Math.floor((confirmed * 100) / reviewed);
  return {
    code: "broadcast.precision_too_low",
    article: "grxx:24",
    messageZh: `该点位识别准确率为${percent}%，低于${limits.minPrecisionPercent}%，广播须由工作人员发出。`,
    messageEn: `The detector was right in ${percent} % at this camera, ${limits.minPrecisionPercent} % are needed: an officer must send the broadcast.`,
  };
}
