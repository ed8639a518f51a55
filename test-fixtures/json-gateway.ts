import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What the gateway does with a request: answer, hang up without a word, or keep silent for ever. */
export type GatewayAnswer = { readonly status: number; readonly body?: unknown } | "hang up" | "keep silent";

/** An SMS gateway, or one of loudspeakers, that takes JSON over HTTP. */
export interface JsonGateway {
  readonly url: string;
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** What it answers next; the last one for ever. */
  answers: GatewayAnswer[];
  /** Called when a request has been read, before it is answered. */
  onReceived: () => void;
  close(): Promise<void>;
}

export async function startJsonGateway(): Promise<JsonGateway> {
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    gateway.received.push({ headers: req.headers, body: await text(req) });
    gateway.onReceived();
    const answer = gateway.answers.length > 1 ? gateway.answers.shift() : gateway.answers[0];
    if (answer === "keep silent") return;
    if (answer === "hang up" || answer === undefined) {
      res.destroy();
      return;
    }
    const { status, body } = answer;
    res.writeHead(status, { "content-type": "application/json" });
    res.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
  };
  const server = createServer((req, res) => void handle(req, res));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const gateway: JsonGateway = {
    url: `http://127.0.0.1:${port}/send`,
    received: [],
    answers: [],
    onReceived: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}

/** A port of this machine at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
