import type { ServerResponse } from "node:http";

/** As much as may lie here unread. Whoever reads slower is let go, comes back and goes on where they were. */
const MAX_UNREAD_BYTES = 256 * 1024;
const RETRY_MS = 3_000;

export interface ServerEvent {
  readonly event: string;
  /** Where the browser says it was, when it comes back. One line. */
  readonly id?: string;
  readonly data: unknown;
}

/** One open stream of server-sent events (WHATWG HTML, 9.2). */
export class SseStream {
  readonly #res: ServerResponse;
  readonly #maxUnreadBytes: number;

  constructor(res: ServerResponse, options: { maxUnreadBytes?: number } = {}) {
    this.#res = res;
    this.#maxUnreadBytes = options.maxUnreadBytes ?? MAX_UNREAD_BYTES;
  }

  get isOpen(): boolean {
    return !this.#res.destroyed && !this.#res.writableEnded;
  }

  /** Sends the head at once: proxies pass on what follows as it comes. */
  open(): void {
    this.#res.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    this.#write(`retry: ${RETRY_MS}\n\n`);
  }

  send({ event, id, data }: ServerEvent): void {
    // JSON has no line breaks of its own, so one data line is enough.
    this.#write(`event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing, so that nobody in between takes the connection for dead. */
  beat(): void {
    this.#write(": still here\n\n");
  }

  /** The browser connects again by itself. */
  close(): void {
    if (!this.isOpen) return;
    // Browsers give up on a reply that is no stream.
    if (!this.#res.headersSent) this.open();
    this.#res.end();
  }

  onClose(listener: () => void): void {
    this.#res.once("close", listener);
  }

  #write(text: string): void {
    if (!this.isOpen) return;
    this.#res.write(text);
    if (this.#res.writableLength > this.#maxUnreadBytes) this.#res.destroy();
  }
}
