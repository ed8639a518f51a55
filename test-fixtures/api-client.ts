/** What a call came back with. `body`: the JSON, an empty object where the reply is none. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API says and asserts on it
export interface Reply<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly bytes: Buffer;
}

export interface CallOptions {
  /** Sent as it is, in place of a body made JSON. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser's part of the conversation: keeps the cookie, sends the token with what changes something. */
export class ApiClient {
  readonly #origin: string;
  cookie: string | undefined;
  csrfToken: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string, options: CallOptions = {}): Promise<Reply> {
    return this.call("GET", path, options);
  }

  post(path: string, body: unknown = {}, options: CallOptions = {}): Promise<Reply> {
    return this.call("POST", path, { raw: JSON.stringify(body), ...options });
  }

  delete(path: string): Promise<Reply> {
    return this.call("DELETE", path);
  }

  /** Reads the token a stranger needs, then signs in. */
  async enter(login: string, password: string): Promise<Reply> {
    await this.get("/session");
    return this.post("/session", { login, password });
  }

  /** Signs in and, with a one-time password, chooses an own one. */
  async signIn(login: string, password: string, own = "a-password-of-my-own"): Promise<Reply> {
    const entered = await this.enter(login, password);
    if (entered.body.user?.mustChangePassword !== true) return entered;
    return this.post("/session/password", { current: password, next: own });
  }

  /** A path below /api/v1. */
  async call(method: string, path: string, { raw, headers = {} }: CallOptions = {}): Promise<Reply> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...(this.csrfToken === undefined ? {} : { "x-csrf-token": this.csrfToken }),
        ...(raw === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(raw === undefined ? {} : { body: raw }),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(";", 1)[0];
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const body = isJson ? JSON.parse(bytes.toString("utf8")) : {};
    if (typeof body.csrfToken === "string") this.csrfToken = body.csrfToken;
    return { status: response.status, headers: response.headers, body, bytes };
  }
}
