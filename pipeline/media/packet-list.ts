/** One packet as ffmpeg's `framehash` lists it. */
export interface ListedPacket {
  /** Seconds; the decoding time where the container gives no other. */
  readonly ptsSec: number;
  readonly durationSec: number;
  readonly sizeBytes: number;
  readonly hash: string;
}

/** Smallest 64-bit number: "no time stamp". As a float it is exact. */
const NO_TIMESTAMP = -(2 ** 63);

/** Reads the output of `-f framehash` for one stream. Pure. */
export function parsePacketList(text: string): ListedPacket[] {
  const [, num = "0", den = "1"] = /^#tb 0: (\d+)\/(\d+)$/m.exec(text) ?? [];
  const tick = Number(num) / Number(den);
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, dts = "", pts = "", duration = "0", size = "0", hash = ""] = line
        .split(",")
        .map((cell) => cell.trim());
      const time = Number(pts) === NO_TIMESTAMP ? Number(dts) : Number(pts);
      return { ptsSec: time * tick, durationSec: Number(duration) * tick, sizeBytes: Number(size), hash };
    });
}
