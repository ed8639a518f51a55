import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { interleavedLoss } from "./interleaved-loss.ts";

const ANSWER = Buffer.from("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0$\n");
const rtp = (content: number) => Buffer.from([0x24, 0, 0, 3, content, content, content]);
const rtcp = Buffer.from([0x24, 1, 0, 1, 0x24]);

async function through(bytes: Buffer, pieceBytes: number, everyNth: number | null): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return await buffer(Readable.from(pieces).pipe(interleavedLoss(() => everyNth)));
}

describe.each([1, 7, 1000])("packet loss in pieces of %i bytes", (pieceBytes) => {
  it("loses every nth RTP packet, never an answer or RTCP", async () => {
    const all = Buffer.concat([ANSWER, rtp(1), rtcp, rtp(2), ANSWER, rtp(3), rtp(4)]);
    const left = Buffer.concat([ANSWER, rtp(1), rtcp, ANSWER, rtp(3)]);
    expect(await through(all, pieceBytes, 2)).toEqual(left);
  });

  it("loses nothing unless told", async () => {
    const all = Buffer.concat([ANSWER, rtp(1), rtp(2), rtcp]);
    expect(await through(all, pieceBytes, null)).toEqual(all);
  });

  it("leaves what is not RTSP alone, `$` and all", async () => {
    const other = Buffer.concat([Buffer.from("$5\r\nhello\r\nRTSP/"), rtp(1)]);
    expect(await through(other, pieceBytes, 1)).toEqual(other);
  });

  it("hands on a packet cut off by the end", async () => {
    const cut = Buffer.concat([ANSWER, rtp(1).subarray(0, 5)]);
    expect(await through(cut, pieceBytes, 1)).toEqual(cut);
  });
});
