import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);

export const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

/** A real authority: `openssl ts` behind a small server, with certificates of its own. */
export interface TestAuthority {
  readonly url: string;
  /** PEM file of the root. */
  readonly caPath: string;
  /** PEM file of the certificate that signs. */
  readonly certificatePath: string;
  /** Requests seen so far. */
  readonly asked: () => number;
  /** Answers with something else from now on; undefined: with a timestamp again. */
  answerWith(other: ((good: Buffer, request: Buffer) => Answer | Promise<Answer>) | undefined): void;
  /** The TimeStampResp that openssl gives for a request. */
  reply(request: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface AuthorityOptions {
  /** Of the certificate that signs; openssl's own form, `YYMMDDHHMMSSZ`. */
  readonly notAfter?: string;
  /** Of the certificate that signs. */
  readonly extendedKeyUsage?: string;
}

export async function startAuthority(options: AuthorityOptions = {}): Promise<TestAuthority> {
  const dir = await mkdtemp(join(tmpdir(), "forewarn-tsa-"));
  await makeCertificates(dir, options);
  let asked = 0;
  let other: Parameters<TestAuthority["answerWith"]>[0];
  const reply = (request: Buffer) => replyTo(dir, request);
  const server = createServer((request, response) => {
    void buffer(request)
      .then(async (body) => {
        asked += 1;
        const good = await reply(body);
        return (await other?.(good, body)) ?? { status: 200, body: good };
      })
      .then(({ status, body }) =>
        response.writeHead(status, { "content-type": "application/timestamp-reply" }).end(body),
      )
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    caPath: join(dir, "ca.pem"),
    certificatePath: join(dir, "tsa.pem"),
    asked: () => asked,
    answerWith(made) {
      other = made;
    },
    reply,
    async close() {
      await end(server);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** One openssl at a time would do, but the serial number's file is shared: each works in a folder of its own. */
async function replyTo(dir: string, request: Buffer): Promise<Buffer> {
  const work = await mkdtemp(join(dir, "reply-"));
  await writeFile(join(work, "request.tsq"), request);
  await writeFile(join(work, "serial"), "01\n");
  await writeFile(join(work, "tsa.cnf"), tsaConfig(dir, work));
  const files = ["-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "response.tsr"];
  await run("openssl", ["ts", "-reply", ...files], { cwd: work });
  return readFile(join(work, "response.tsr"));
}

function tsaConfig(dir: string, work: string): string {
  return `[tsa]
default_tsa = tsa_config
[tsa_config]
dir = ${work}
serial = ${work}/serial
signer_cert = ${dir}/tsa.pem
signer_key = ${dir}/tsa.key
certs = ${dir}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;
}

async function makeCertificates(dir: string, options: AuthorityOptions): Promise<void> {
  const usage = options.extendedKeyUsage ?? "critical,timeStamping";
  await mkdir(join(dir, "issued"));
  await writeFile(join(dir, "index"), "");
  await writeFile(join(dir, "serial"), "1000\n");
  await writeFile(
    join(dir, "ca.cnf"),
    `[ca]
default_ca = issuer
[issuer]
database = index
new_certs_dir = issued
serial = serial
default_md = sha256
policy = anything
[anything]
commonName = supplied
[tsa_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = ${usage}
[req]
distinguished_name = name
[name]
`,
  );
  const at = { cwd: dir };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const root = ["-x509", "-days", "3650", "-subj", "/CN=Test Root", "-keyout", "ca.key", "-out", "ca.pem"];
  await run("openssl", ["req", ...key, ...root], at);
  const wanted = ["-config", "ca.cnf", "-subj", "/CN=Test Time", "-keyout", "tsa.key", "-out", "tsa.csr"];
  await run("openssl", ["req", "-new", ...key, ...wanted], at);
  const issue = [
    "-batch",
    "-notext",
    "-cert",
    "ca.pem",
    "-keyfile",
    "ca.key",
    "-extensions",
    "tsa_extensions",
  ];
  const validity = ["-startdate", "200101000000Z", "-enddate", options.notAfter ?? "491231235959Z"];
  await run(
    "openssl",
    ["ca", "-config", "ca.cnf", ...issue, ...validity, "-in", "tsa.csr", "-out", "tsa.pem"],
    at,
  );
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
