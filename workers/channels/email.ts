import { createTransport } from "nodemailer";
import { z } from "zod";
import { required } from "../../runtime/required.ts";
import type { Channel } from "./channel.ts";
import {
  cameBeforeSending,
  DeliveryFailedError,
  PermanentDeliveryError,
  UnknownOutcomeError,
} from "./delivery-errors.ts";

const TIMEOUT_MS = 10_000;
/** A server that keeps answering a word at a time is given up as well. */
const WHOLE_MS = 45_000;

/** Mails the letter. The Message-ID is the delivery's, so that a second copy can be told from a second letter. */
export const email: Channel = {
  sounds: false,
  words: "letter",
  async send({ context, deliveryId, address, subject, text }) {
    const { mailFrom, smtpRequireTls, secrets } = context.config;
    const from = required(mailFrom, "FOREWARN_MAIL_FROM");
    const server = serverOf(required(secrets.smtpUrl, "FOREWARN_SMTP_URL"));
    if (!z.email().safeParse(address).success)
      throw new PermanentDeliveryError("the address is no mail address");
    const transport = createTransport({
      ...server,
      requireTLS: smtpRequireTls && !server.secure,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new UnknownOutcomeError("the mail server did not finish in time")),
        WHOLE_MS,
      );
    });
    const sending = transport.sendMail({
      from: { name: "", address: from },
      to: { name: "", address: address ?? "" },
      subject,
      text,
      messageId: `<${deliveryId}@${from.slice(from.lastIndexOf("@") + 1)}>`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    try {
      await Promise.race([sending, late]);
    } catch (error) {
      throw faultOf(error);
    } finally {
      clearTimeout(timer);
      transport.close();
    }
    return { state: "sent", detail: {} };
  },
};

function serverOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === "smtps:";
  return {
    host: url.hostname,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  };
}

interface MailFault {
  readonly code?: string;
  readonly responseCode?: number;
  /** Of the socket, where `code` is the mail library's own. */
  readonly originalCode?: string;
  readonly timeoutType?: string;
}

/** Faults of the way there: nothing has been handed over. */
const ON_THE_WAY = new Set(["EDNS", "ETLS", "EAUTH", "ENOAUTH", "ECONFIG"]);

/** Only codes are told: a mail server's answer quotes the address. */
function faultOf(error: unknown): Error {
  if (error instanceof UnknownOutcomeError || !(error instanceof Error)) return asError(error);
  const { code = error.name, responseCode, originalCode, timeoutType } = error as MailFault;
  if (ON_THE_WAY.has(code)) return new DeliveryFailedError(`the mail server lets nothing through: ${code}`);
  if (responseCode !== undefined) {
    const fault = `the mail server answered ${responseCode}`;
    return responseCode >= 500 ? new PermanentDeliveryError(fault) : new DeliveryFailedError(fault);
  }
  const early = timeoutType !== undefined && timeoutType !== "SOCKET_TIMEOUT";
  if (early || (originalCode !== undefined && cameBeforeSending(originalCode)))
    return new DeliveryFailedError(`the mail server cannot be reached: ${originalCode ?? code}`);
  return new UnknownOutcomeError(`the mail server did not confirm: ${code}`);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new DeliveryFailedError("the mail could not be sent");
}
