import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { SseStream } from "./sse.ts";

describe("a stream of server-sent events", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(maxUnreadBytes?: number): Promise<{ port: number; opened: Promise<SseStream> }> {
    let opened: (stream: SseStream) => void = () => undefined;
    const stream = new Promise<SseStream>((resolve) => {
      opened = resolve;
    });
    server = createServer((_req, res) =>
      opened(new SseStream(res, maxUnreadBytes === undefined ? {} : { maxUnreadBytes })),
    );
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port, opened: stream };
  }

  it("says what browsers understand, with the place to go on from", async () => {
    const { port, opened } = await serve();
    const reply = fetch(`http://127.0.0.1:${port}`);
    const stream = await opened;
    stream.open();
    stream.send({ event: "timeline", id: "abc", data: { note: "one\nline" } });
    stream.beat();
    stream.close();
    const { headers } = await reply;
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(await (await reply).text()).toBe(
      'retry: 3000\n\nevent: timeline\nid: abc\ndata: {"note":"one\\nline"}\n\n: still here\n\n',
    );
  });

  it("is a stream also when it is closed before it began: a browser comes back to no other", async () => {
    const { port, opened } = await serve();
    const reply = fetch(`http://127.0.0.1:${port}`);
    (await opened).close();
    expect((await reply).headers.get("content-type")).toMatch(/^text\/event-stream/);
  });

  it("lets go of whoever does not read", async () => {
    const { port, opened } = await serve(64 * 1024);
    const client = connect(port, "127.0.0.1");
    client.on("error", () => undefined);
    client.pause();
    client.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    const stream = await opened;
    let closed = false;
    stream.onClose(() => {
      closed = true;
    });
    stream.open();
    // More than what the system keeps for a socket, in pieces of which each would do.
    const data = "x".repeat(16 * 1024);
    await expect
      .poll(
        () => {
          for (let sent = 0; sent < 100; sent += 1) stream.send({ event: "timeline", data });
          return closed;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(stream.isOpen).toBe(false);
    client.destroy();
  });

  it("keeps whoever reads, however much it is", async () => {
    const { port, opened } = await serve(64 * 1024);
    const reply = fetch(`http://127.0.0.1:${port}`);
    const stream = await opened;
    stream.open();
    const reader = (await reply).body?.getReader();
    const data = "x".repeat(16 * 1024);
    let read = 0;
    for (let sent = 1; sent <= 50; sent += 1) {
      stream.send({ event: "timeline", data });
      while (read < sent * data.length) read += (await reader?.read())?.value?.length ?? 0;
    }
    expect(stream.isOpen).toBe(true);
    await reader?.cancel();
  });
});
