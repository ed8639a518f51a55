import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";

export interface Said {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
}

/** The loudspeakers' broker, and the loudspeakers. */
export interface TestBroker {
  readonly url: string;
  /** What loudspeakers were told. */
  readonly said: Said[];
  /** With false it takes a text and ends the connection instead of confirming it. */
  confirms: boolean;
  /** Called when a text has come in, before it is confirmed. */
  onSaid: (said: Said) => void | Promise<void>;
  /** A loudspeaker reports. */
  report(speakerId: string, message: unknown): Promise<void>;
  stop(): Promise<void>;
  /** At the same port as before. */
  start(): Promise<void>;
}

/** @param login who may come in; anybody unless given */
export async function startTestBroker(login?: { user: string; password: string }): Promise<TestBroker> {
  let aedes: Aedes | undefined;
  let server: Server | undefined;
  let port = 0;
  const sockets = new Set<Socket>();
  const broker: TestBroker = {
    get url() {
      return `mqtt://127.0.0.1:${port}`;
    },
    said: [],
    confirms: true,
    onSaid: () => undefined,
    report(speakerId, message) {
      const payload = typeof message === "string" ? message : JSON.stringify(message);
      return new Promise((resolve, reject) => {
        aedes?.publish(
          {
            cmd: "publish",
            topic: `speakers/${speakerId}/receipt`,
            payload: Buffer.from(payload),
            qos: 1,
            dup: false,
            retain: false,
          },
          (error) => (error ? reject(error) : resolve()),
        );
      });
    },
    async start() {
      const opened = await Aedes.createBroker({
        authenticate: (_client, user, password, done) =>
          done(null, login === undefined || (user === login.user && password?.toString() === login.password)),
        authorizePublish: (client, { topic, payload, qos }, done) => {
          const said = { topic, payload: payload.toString(), qos };
          broker.said.push(said);
          Promise.resolve(broker.onSaid(said)).then(
            () => (broker.confirms ? done(null) : client?.close()),
            (error: unknown) => done(error instanceof Error ? error : new Error("the test failed")),
          );
        },
      });
      aedes = opened;
      server = createServer((socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        opened.handle(socket);
      });
      await once(server.listen(port, "127.0.0.1"), "listening");
      port = (server.address() as AddressInfo).port;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) =>
        server === undefined ? resolve() : server.close(() => resolve()),
      );
      await new Promise<void>((resolve) => (aedes === undefined ? resolve() : aedes.close(() => resolve())));
      server = undefined;
      aedes = undefined;
    },
  };
  await broker.start();
  return broker;
}
