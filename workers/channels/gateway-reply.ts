import { z } from "zod";
import { PermanentDeliveryError } from "./delivery-errors.ts";

const schema = z.object({
  messageId: z.union([z.string().max(200), z.number().transform(String)]).optional(),
  error: z.unknown().optional(),
});

/** A code, not a sentence: gateways quote the number in their sentences. */
const CODE = /^[A-Za-z][\w.-]{0,60}$/;

/**
 * What a gateway says in the body of a 2xx answer: `{messageId}`, or `{error}` when it will not send after all, which
 * throws `PermanentDeliveryError`. A body that says neither takes nothing back: the status stands.
 */
export function readGatewayReply(receiver: string, reply: string): { messageId: string | null } {
  const { messageId, error } = parse(reply);
  if (error === undefined || error === null || error === false || error === "")
    return { messageId: messageId ?? null };
  const code = typeof error === "string" && CODE.test(error) ? `: ${error}` : "";
  throw new PermanentDeliveryError(`${receiver} refuses it${code}`);
}

function parse(reply: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(reply));
  } catch {
    return {};
  }
}
