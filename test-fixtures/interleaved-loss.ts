import { Transform } from "node:stream";

const DOLLAR = 0x24;
const PACKET_HEAD_BYTES = 4;
const HEAD_END = "\r\n\r\n";
/** What every answer of an RTSP server begins with; a connection that begins otherwise is left alone. */
const RTSP = Buffer.from("RTSP/");

/**
 * Loses packets of an RTSP connection from the camera to the viewer. Between its answers lie RTP and RTCP
 * packets: `$`, channel, length in two bytes, content (RFC 2326 §10.12). RTCP (odd channels) always comes through.
 * @param everyNth asked at each packet; null loses none
 */
export function interleavedLoss(everyNth: () => number | null): Transform {
  let rest: Buffer = Buffer.alloc(0);
  let packets = 0;
  let isRtsp: boolean | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isRtsp === false) {
        done(null, chunk);
        return;
      }
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (isRtsp === undefined) {
        const begin = rest.subarray(0, RTSP.length);
        if (!begin.equals(RTSP.subarray(0, begin.length))) {
          isRtsp = false;
          done(null, rest);
          return;
        }
        if (begin.length === RTSP.length) isRtsp = true;
      }
      for (let length = unitLength(rest); length !== undefined; length = unitLength(rest)) {
        const isRtp = rest[0] === DOLLAR && (rest[1] ?? 0) % 2 === 0;
        if (isRtp) packets += 1;
        const nth = everyNth();
        if (!isRtp || nth === null || packets % nth !== 0) this.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      done();
    },
    flush(done) {
      done(null, isRtsp === false ? undefined : rest);
    },
  });
}

/** Bytes of the packet or answer that `bytes` begins with; undefined while it is not whole. */
function unitLength(bytes: Buffer): number | undefined {
  if (bytes.length < PACKET_HEAD_BYTES) return undefined;
  let length: number;
  if (bytes[0] === DOLLAR) {
    length = PACKET_HEAD_BYTES + bytes.readUInt16BE(2);
  } else {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = bytes.toString("latin1", 0, end);
    length = end + HEAD_END.length + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  }
  return bytes.length < length ? undefined : length;
}
