import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { startFaultProxy } from "./tcp-fault-proxy.ts";

/** A proxy to a server that sends back what it gets. */
async function proxied() {
  const server = createServer((socket) => socket.on("error", () => socket.destroy()).pipe(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const proxy = await startFaultProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  return proxy;
}

async function joined(port: number) {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const seen = { text: "", ended: false, chunks: 0 };
  socket.on("data", (chunk: Buffer) => {
    seen.text += chunk.toString("latin1");
    seen.chunks += 1;
  });
  socket
    .on("error", () => socket.destroy())
    .once("close", () => {
      seen.ended = true;
    });
  return { socket, seen };
}

async function echo(socket: Socket, seen: { text: string }, text: string) {
  socket.write(text);
  await expect.poll(() => seen.text).toContain(text);
}

it("passes on what comes", async () => {
  const { socket, seen } = await joined((await proxied()).port);
  await echo(socket, seen, "hello");
});

it("cut: ends connections and takes none, until restored", async () => {
  const proxy = await proxied();
  const before = await joined(proxy.port);
  await echo(before.socket, before.seen, "hello");
  proxy.cut();
  await expect.poll(() => before.seen.ended).toBe(true);
  const during = await joined(proxy.port);
  await expect.poll(() => during.seen.ended).toBe(true);
  proxy.restore();
  const after = await joined(proxy.port);
  await echo(after.socket, after.seen, "hello again");
});

it("stalled: keeps what comes until resumed", async () => {
  const proxy = await proxied();
  const stalled = await joined(proxy.port);
  proxy.stall();
  stalled.socket.write("late");
  const other = await joined(proxy.port);
  proxy.resume();
  await expect.poll(() => stalled.seen.text).toBe("late");
  await echo(other.socket, other.seen, "hello");
});

it("throttled: takes at least the time that the bytes need at that rate", async () => {
  const proxy = await proxied();
  const { socket, seen } = await joined(proxy.port);
  const bytesPerSec = 10_000;
  const text = "x".repeat(3000);
  proxy.throttle(bytesPerSec);
  const started = performance.now();
  await echo(socket, seen, text);
  // The last piece need not wait; timers may be early by a millisecond each.
  expect(performance.now() - started).toBeGreaterThan((text.length / bytesPerSec) * 1000 * 0.8);
});
