import { quietFrom } from "../../casework/warning/quiet-hours.ts";
import type { Notice } from "./channel.ts";
import { PermanentDeliveryError } from "./delivery-errors.ts";
import { quietHoursOf } from "./quiet.ts";

/** What is asked of somebody now is not said to whoever passes by later. */
const FRESH_MS = 15 * 60_000;

/** No sign that means something in a topic or a path. */
const SPEAKER_ID = /^[\w-]{1,64}$/;

/** Throws `PermanentDeliveryError` when the address is no loudspeaker's id. */
export function speakerIdOf({ address }: Pick<Notice, "address">): string {
  if (address !== null && SPEAKER_ID.test(address)) return address;
  throw new PermanentDeliveryError("the address is no loudspeaker's id");
}

/**
 * What a loudspeaker is told besides its text: a gateway or broker may hold a message back, and then it must not sound
 * after `notAfter`, which never reaches into the quiet hours.
 */
export async function sayingOf({ context, deliveryId, text }: Notice): Promise<{
  text: string;
  deliveryId: string;
  repeat: number;
  notAfter: string;
}> {
  const now = context.clock.now();
  const notAfter = Math.min(now + FRESH_MS, quietFrom(now, await quietHoursOf(context)));
  return {
    deliveryId,
    text,
    repeat: context.config.speakerRepeat,
    notAfter: new Date(notAfter).toISOString(),
  };
}
