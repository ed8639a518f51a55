import { readPublicKeys } from "../../pipeline/evidence/portable/public-key.ts";
import { LIMITS } from "../../pipeline/evidence/portable/verdict-text.ts";
import { bundleOfDrop, bundleOfFolder } from "./dropped-files.ts";
import { byId, element } from "./element.ts";
import type { CheckReply, CheckRequest } from "./messages.ts";
import { showVerdict } from "./show-verdict.ts";
import "./style.css";
import VerifyWorker from "./worker.ts?worker&inline";

type Bundle = CheckRequest["bundle"];

const drop = byId("drop", HTMLElement);
const working = byId("working", HTMLElement);
const what = byId("what", HTMLElement);
const progress = byId("progress", HTMLProgressElement);
const verdict = byId("verdict", HTMLElement);
const keysState = byId("keys-state", HTMLElement);
const zipInput = byId("zip", HTMLInputElement);
const folderInput = byId("folder", HTMLInputElement);
const keysInput = byId("keys", HTMLInputElement);

let worker: Worker | undefined;
let trustedKeys: readonly string[] | null = null;
let last: { readonly name: string; readonly bundle: Bundle } | undefined;

for (const [chinese, english] of LIMITS)
  byId("limits", HTMLUListElement).append(
    element("li", {}, chinese, element("span", { className: "english" }, english)),
  );

/** One check at a time: a new one ends the one before it. */
function check(name: string, bundle: Bundle): void {
  last = { name, bundle };
  worker?.terminate();
  worker = new VerifyWorker();
  what.textContent = `正在核验 ${name} · Checking`;
  progress.removeAttribute("value");
  verdict.hidden = true;
  working.hidden = false;
  worker.onmessage = ({ data }: MessageEvent<CheckReply>) => {
    if (data.type === "progress") progress.value = data.doneBytes / Math.max(data.totalBytes, 1);
    else show(name, data);
  };
  worker.onerror = (event) => show(name, { type: "failed", message: event.message });
  worker.postMessage({ bundle, trustedKeys } satisfies CheckRequest);
}

function show(name: string, reply: Exclude<CheckReply, { readonly type: "progress" }>): void {
  working.hidden = true;
  drop.classList.add("small");
  verdict.replaceChildren(showVerdict(name, reply));
  verdict.hidden = false;
  verdict.scrollIntoView({ block: "nearest" });
}

zipInput.addEventListener("change", () => {
  const [file] = zipInput.files ?? [];
  if (file !== undefined) check(file.name, { zip: file });
  // The same file may be chosen again.
  zipInput.value = "";
});
folderInput.addEventListener("change", () => {
  const { files } = folderInput;
  const [first] = files ?? [];
  if (files !== null && first !== undefined)
    check(first.webkitRelativePath.split("/")[0] ?? first.name, bundleOfFolder(files));
  folderInput.value = "";
});
keysInput.addEventListener("change", () => {
  const [file] = keysInput.files ?? [];
  if (file !== undefined) void takeKeys(file);
  keysInput.value = "";
});

async function takeKeys(file: File): Promise<void> {
  const keys = readPublicKeys(await file.text());
  trustedKeys = keys ?? null;
  keysState.textContent =
    keys === undefined
      ? `${file.name}：不是公钥文件 · holds no public keys (PEM)`
      : `${file.name}：${keys.length} 把公钥 · public keys`;
  if (last !== undefined) check(last.name, last.bundle);
}

// Anywhere on the page: whoever misses the box must not have the browser open the zip instead.
addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) drop.classList.remove("over");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer === null) return;
  const name = event.dataTransfer.files[0]?.name ?? "";
  bundleOfDrop(event.dataTransfer).then(
    (bundle) => (bundle === undefined ? show(name, { type: "no_bundle" }) : check(name, bundle)),
    (error: unknown) => show(name, { type: "failed", message: String(error) }),
  );
});
