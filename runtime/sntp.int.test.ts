import { createSocket } from "node:dgram";
import { describe, expect, it, onTestFinished } from "vitest";
import { measureClockOffset, TimeServerError } from "./sntp.ts";

const NTP_EPOCH_SEC = 2_208_988_800;

/** A time server on loopback whose clock is `aheadMs` ahead of ours. */
async function timeServer(aheadMs: number, spoil: (reply: Buffer) => Buffer | null = (reply) => reply) {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  socket.on("message", (request, from) => {
    const reply = Buffer.alloc(48);
    reply[0] = 0x24;
    reply[1] = 2;
    request.copy(reply, 24, 40, 48);
    for (const at of [32, 40]) {
      const nowSec = (Date.now() + aheadMs) / 1000 + NTP_EPOCH_SEC;
      reply.writeUInt32BE(Math.floor(nowSec) % 2 ** 32, at);
      reply.writeUInt32BE(Math.floor((nowSec % 1) * 2 ** 32), at + 4);
    }
    const answer = spoil(reply);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { host: "127.0.0.1", port: socket.address().port };
}

const withByte = (at: number, change: (byte: number) => number) => (reply: Buffer) => {
  reply.writeUInt8(change(reply.readUInt8(at)), at);
  return reply;
};

describe("measureClockOffset", () => {
  it.each([0, 2_500, -75_000])("finds a clock that is %i ms off", async (aheadMs) => {
    const { offsetMs, uncertaintyMs } = await measureClockOffset(await timeServer(aheadMs), {
      timeoutMs: 5_000,
    });
    // True within what it says of itself: both clocks here tell whole milliseconds.
    expect(Math.abs(offsetMs - aheadMs)).toBeLessThanOrEqual(uncertaintyMs + 1);
  });

  it.each<[string, (reply: Buffer) => Buffer | null, RegExp]>([
    ["is not synchronised", withByte(0, () => 0xe4), /does not know the time/],
    ["sends a kiss of death", withByte(1, () => 0), /does not know the time/],
    ["answers as a client", withByte(0, () => 0x23), /something else than a server/],
    ["answers another question", withByte(24, (byte) => byte ^ 1), /no answer within/],
    ["sends half a packet", (reply) => reply.subarray(0, 40), /no answer within/],
    ["says nothing", () => null, /no answer within/],
  ])("takes no time from a server that %s", async (_what, spoil, why) => {
    const asked = measureClockOffset(await timeServer(0, spoil), { timeoutMs: 200 });
    await expect(asked).rejects.toThrow(TimeServerError);
    await expect(asked).rejects.toThrow(why);
  });
});
