import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A mail server that keeps what it gets. */
export interface TestMailServer {
  readonly url: string;
  readonly mails: { readonly from: string; readonly to: readonly string[]; readonly source: string }[];
  /** Code with which recipients are refused, a 4xx or a 5xx; null: all are taken. */
  refusesWith: number | null;
  close(): Promise<void>;
}

/** @param tls `none`: it knows no STARTTLS; `self-signed`: its certificate is one that nobody vouches for */
export async function startTestMailServer(tls: "none" | "self-signed" = "none"): Promise<TestMailServer> {
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: tls === "none" ? ["STARTTLS", "AUTH"] : ["AUTH"],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      if (mail.refusesWith === null) return done();
      done(Object.assign(new Error(`no mailbox <${address}>`), { responseCode: mail.refusesWith }));
    },
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      text(stream).then(
        (source) => {
          mail.mails.push({ from, to, source });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // What goes wrong on a connection is the other end's to notice.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const mail: TestMailServer = {
    url: `smtp://127.0.0.1:${port}`,
    mails: [],
    refusesWith: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mail;
}
