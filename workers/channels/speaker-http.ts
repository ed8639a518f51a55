import { required } from "../../runtime/required.ts";
import type { Channel } from "./channel.ts";
import { readGatewayReply } from "./gateway-reply.ts";
import { postJson } from "./post-json.ts";
import { sayingOf, speakerIdOf } from "./speaker.ts";

const RECEIVER = "the loudspeaker gateway";

/** POSTs `{to, id, text, repeat, notAfter}` to the gateway of loudspeakers that speak HTTP, signed like the webhook. */
export const speakerHttp: Channel = {
  sounds: true,
  words: "speech",
  async send(notice) {
    const { speakerUrl, secrets } = notice.context.config;
    const url = required(speakerUrl, "FOREWARN_SPEAKER_URL");
    const to = speakerIdOf(notice);
    const { deliveryId, ...saying } = await sayingOf(notice);
    const { status, reply } = await postJson(
      { receiver: RECEIVER, url, secret: secrets.speakerSecret },
      { to, id: deliveryId, ...saying },
    );
    return { state: "sent", detail: { status, ...readGatewayReply(RECEIVER, reply) } };
  },
};
