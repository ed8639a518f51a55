import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { AppError } from "../pipeline/domain/errors.ts";

/** How far this machine's clock is from a time server's. */
export interface ClockOffset {
  /** Positive: the server is ahead. */
  readonly offsetMs: number;
  /** Half the way there and back: the comparison may be off by so much. */
  readonly uncertaintyMs: number;
}

/** The time server gave no answer that can be used. */
export class TimeServerError extends AppError {
  readonly code = "clock.time_server_unusable";
  override readonly retryable = true;
}

export interface TimeServer {
  readonly host: string;
  readonly port: number;
}

const PACKET_BYTES = 48;
/** Version 4, client. */
const CLIENT_HEAD = 0x23;
const SERVER_MODE = 4;
/** 1900-01-01 to 1970-01-01. */
const NTP_EPOCH_SEC = 2_208_988_800;
/** Our own clock tells whole milliseconds. */
const RESOLUTION_MS = 1;
/** Of these the one that took the shortest way counts. */
const SAMPLES = 4;

/**
 * Compares this machine's clock with a time server's (SNTP, RFC 4330; arithmetic of RFC 5905, section 8).
 *
 * @param now the clock that is compared, in Unix milliseconds: that which captures are stamped with, and no other
 * @throws TimeServerError
 */
export async function measureClockOffset(
  server: TimeServer,
  { timeoutMs, now = Date.now }: { readonly timeoutMs: number; readonly now?: () => number },
): Promise<ClockOffset> {
  const samples: ClockOffset[] = [];
  let fault: unknown;
  for (let sample = 0; sample < SAMPLES; sample++)
    try {
      samples.push(await ask(server, timeoutMs, now));
    } catch (error) {
      fault = error;
    }
  const best = samples.sort((a, b) => a.uncertaintyMs - b.uncertaintyMs)[0];
  if (best === undefined) throw fault;
  return best;
}

async function ask({ host, port }: TimeServer, timeoutMs: number, now: () => number): Promise<ClockOffset> {
  const socket = createSocket("udp4");
  // What stands in "transmit" is the server's to send back; a random one cannot be guessed by others.
  const token = randomBytes(8);
  const request = Buffer.alloc(PACKET_BYTES);
  request[0] = CLIENT_HEAD;
  token.copy(request, 40);
  try {
    return await new Promise<ClockOffset>((resolve, reject) => {
      const complain = (why: string, cause?: unknown) =>
        reject(new TimeServerError(`Time server ${host}:${port}: ${why}.`, { cause }));
      const timer = setTimeout(() => complain(`no answer within ${timeoutMs} ms`), timeoutMs);
      socket.once("close", () => clearTimeout(timer));
      socket.once("error", (error) => complain(error.message, error));
      let sentAt = 0;
      socket.on("message", (reply) => {
        const receivedAt = now();
        const answer = readReply(reply, token);
        if (answer === "not ours") return;
        if (typeof answer === "string") return complain(answer);
        const { arrivedAt, leftAt } = answer;
        const travelMs = receivedAt - sentAt - (leftAt - arrivedAt);
        resolve({
          offsetMs: (arrivedAt - sentAt + (leftAt - receivedAt)) / 2,
          uncertaintyMs: Math.max(0, travelMs / 2) + RESOLUTION_MS,
        });
      });
      sentAt = now();
      socket.send(request, port, host, (error) => {
        if (error !== null) complain(error.message, error);
      });
    });
  } finally {
    socket.close();
  }
}

/** When the server got the question and sent the answer, in Unix milliseconds; or why it is no answer. */
function readReply(
  reply: Buffer,
  token: Buffer,
): { readonly arrivedAt: number; readonly leftAt: number } | string {
  if (reply.length < PACKET_BYTES || !reply.subarray(24, 32).equals(token)) return "not ours";
  const head = reply.readUInt8(0);
  if ((head & 0x07) !== SERVER_MODE) return "it answers as something else than a server";
  const stratum = reply.readUInt8(1);
  if (head >> 6 === 3 || stratum === 0 || stratum > 15)
    return "it says itself that it does not know the time";
  return { arrivedAt: timestampMs(reply, 32), leftAt: timestampMs(reply, 40) };
}

function timestampMs(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  // RFC 4330, section 3: what seems to be before 1968 is after 2036.
  const era = seconds < 0x8000_0000 ? 2 ** 32 : 0;
  return (seconds + era - NTP_EPOCH_SEC) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000;
}
