import type { DeliveryTask } from "../../store/delivery-read-model.ts";

/** No channel takes so long: an attempt as old as this was broken off. */
export const CLAIM_MS = 120_000;

/** What this process is sending at this moment. */
const underWay = new Set<string>();

/** Runs one attempt, known as under way while it lasts. */
export async function whileUnderWay<Result>(
  deliveryId: string,
  send: () => Promise<Result>,
): Promise<Result> {
  underWay.add(deliveryId);
  try {
    return await send();
  } finally {
    underWay.delete(deliveryId);
  }
}

/**
 * An attempt that was begun and never noted: `broken_off`, something may have been sent; `under_way`, somebody may still
 * be sending, until the moment named; `none`.
 */
export function earlierAttempt(
  task: Pick<DeliveryTask, "deliveryId" | "sendingSince" | "sendingBy">,
  { workerId, now }: { workerId: string; now: number },
): { kind: "none" } | { kind: "broken_off" } | { kind: "under_way"; until: number } {
  const { sendingSince, sendingBy, deliveryId } = task;
  if (sendingSince === null) return { kind: "none" };
  const until = sendingSince.getTime() + CLAIM_MS;
  if (now >= until) return { kind: "broken_off" };
  // This process knows what it is doing; of another one nobody knows whether it still lives.
  if (sendingBy === workerId && !underWay.has(deliveryId)) return { kind: "broken_off" };
  return { kind: "under_way", until };
}
