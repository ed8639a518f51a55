import { z } from "zod";
import { deliveryStates } from "../../casework/warning/warning.ts";
import { instant, pageQuery, plainText } from "./common.ts";

export const deliveryIdParams = z.object({ id: plainText().min(1).max(80) });
export const deliveryListQuery = pageQuery.extend({ state: z.enum(deliveryStates).default("failed") });

const delivery = z
  .object({
    deliveryId: z.string(),
    warningId: z.string(),
    incidentId: z.string(),
    level: z.int(),
    violation: z.string(),
    violationName: z.object({ zh: z.string(), en: z.string() }),
    place: z.string(),
    channel: z.string(),
    addressMasked: z.string().nullable().meta({ description: "Enough to recognise it by, not to use it" }),
    state: z.enum([...deliveryStates, "sending"]),
    attempts: z.int(),
    fault: z.string().nullable(),
    notBefore: instant.nullable().meta({ description: "A loudspeaker waits for the end of the quiet hours" }),
    deadAt: instant.nullable(),
    deadReason: z.enum(["permanent", "exhausted", "unknown_outcome"]).nullable().meta({
      description:
        "permanent: the receiver refuses it; exhausted: tried often enough; unknown_outcome: it may have been sent",
    }),
    updatedAt: instant,
  })
  .meta({ id: "Delivery" });
export type DeliveryReply = z.input<typeof delivery>;
export const deliveryReply = delivery;
export const deliveryListReply = z
  .object({ items: z.array(delivery), nextCursor: z.string().nullable() })
  .meta({ id: "DeliveryList" });
