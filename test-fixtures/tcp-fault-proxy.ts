import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline, Transform } from "node:stream";
import { interleavedLoss } from "./interleaved-loss.ts";

/** The network between a camera and us, with a hand on it. */
export interface FaultProxy {
  readonly port: number;
  /** Ends every connection and takes no new one. */
  cut(): void;
  restore(): void;
  /** Bytes a second and connection that come through from the target; null: as many as come. */
  throttle(bytesPerSec: number | null): void;
  /** Nothing comes through any more, in either direction, while all connections stay open. */
  stall(): void;
  resume(): void;
  /** Of the RTP packets in an RTSP connection (not over TLS) every nth is lost; null: none. */
  losePackets(everyNth: number | null): void;
  close(): Promise<void>;
}

/** A waiting transfer looks so often whether it may go on. */
const TICK_MS = 20;

/** Passes TCP connections on to a port of this machine. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const faults: Faults = { stalled: false, bytesPerSec: null, everyNth: null };
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    // Both ends go together, whatever ended the one.
    const both = () => {
      client.destroy();
      target.destroy();
    };
    pipeline(
      client,
      gate(faults, () => null),
      target,
      both,
    );
    const loss = interleavedLoss(() => faults.everyNth);
    pipeline(
      target,
      loss,
      gate(faults, () => faults.bytesPerSec),
      client,
      both,
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      dropAll();
    },
    restore() {
      isCut = false;
    },
    throttle(bytesPerSec) {
      faults.bytesPerSec = bytesPerSec;
    },
    stall() {
      faults.stalled = true;
    },
    resume() {
      faults.stalled = false;
    },
    losePackets(everyNth) {
      faults.everyNth = everyNth;
    },
    async close() {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Faults {
  stalled: boolean;
  bytesPerSec: number | null;
  everyNth: number | null;
}

/** Lets bytes through as the faults of the moment allow; what has to wait pushes back on who sends. */
function gate(faults: Faults, bytesPerSec: () => number | null): Transform {
  let timer: NodeJS.Timeout | undefined;
  /** Time that what went through already should have taken. */
  let owedMs = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let left = chunk;
      const pass = () => {
        while (left.length > 0 || owedMs >= TICK_MS) {
          if (faults.stalled || owedMs >= TICK_MS) {
            timer = setTimeout(pass, Math.max(TICK_MS, owedMs));
            owedMs = 0;
            return;
          }
          const rate = bytesPerSec();
          const slice = left.subarray(0, rate === null ? left.length : Math.ceil((rate * TICK_MS) / 1000));
          owedMs += rate === null ? 0 : (slice.length / rate) * 1000;
          this.push(slice);
          left = left.subarray(slice.length);
        }
        done();
      };
      pass();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
}
