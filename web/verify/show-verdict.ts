import { factLines, meaningOf } from "../../pipeline/evidence/portable/verdict-text.ts";
import type { VerifyResult } from "../../pipeline/evidence/portable/verify-source.ts";
import { element } from "./element.ts";
import type { CheckReply, Exhibit } from "./messages.ts";

type Final = Exclude<CheckReply, { readonly type: "progress" }>;

/** What the page says in the end, as elements. */
export function showVerdict(name: string, reply: Final): HTMLElement {
  switch (reply.type) {
    case "no_bundle":
      return banner("none", name, "这不是证据包", "This is no evidence bundle", [
        "里面没有 manifest.json 或 seal.json。请给出整个证据包的 zip 或文件夹。",
        "It holds neither manifest.json nor seal.json. Give the zip or the folder of a whole bundle.",
      ]);
    case "failed":
      return banner("none", name, "无法核验", "It could not be checked", [
        "浏览器没能读完文件，这不说明证据包是否完整。请重试，或用 verify.mjs 核验。",
        `The browser could not read it to the end (${reply.message}); that says nothing about the bundle. Try again, or use verify.mjs.`,
      ]);
    case "verdict":
      return element(
        "div",
        {},
        verdictBanner(name, reply.result),
        ...problemList(reply.result),
        ...facts(reply.result),
        ...exhibits(reply.exhibits),
      );
  }
}

function verdictBanner(name: string, { ok, withheld, problems, facts: known }: VerifyResult): HTMLElement {
  if (!ok)
    return banner("broken", name, "已损坏", "Broken", [
      `发现 ${problems.length} 处与封存时不符，不能作为完整证据。`,
      `${problems.length === 1 ? "1 thing is" : `${problems.length} things are`} not as sealed: it cannot stand as whole.`,
    ]);
  const sealed =
    known?.keyTrust === "trusted"
      ? ["封存后未被改动，由您给出的密钥封存。", "Unchanged since it was sealed, with a key you gave."]
      : [
          "封存后未被改动。由谁封存，请核对下面的密钥编号。",
          "Unchanged since it was sealed. By whom: compare the key id below.",
        ];
  if (withheld === null) return banner("intact", name, "完整", "Intact", sealed);
  return banner("partly", name, "完整（未附原件）", "Intact, without originals", [
    `未附原件 ${withheld.paths.length} 个文件，未作核验，其哈希值见清单。其余${sealed[0]}`,
    `Originals withheld: ${withheld.paths.length} files, not checked; their hashes are in the manifest. The rest: ${sealed[1]}`,
  ]);
}

function banner(
  tone: "intact" | "partly" | "broken" | "none",
  name: string,
  chinese: string,
  english: string,
  [more, moreEnglish]: readonly string[],
): HTMLElement {
  return element(
    "div",
    { className: `banner ${tone}` },
    element("h2", {}, chinese, " ", element("span", { className: "english" }, english)),
    element("p", {}, more ?? ""),
    element("p", { className: "english" }, moreEnglish ?? ""),
    element("p", { className: "file" }, name),
  );
}

function problemList({ problems }: VerifyResult): HTMLElement[] {
  if (problems.length === 0) return [];
  const items = problems.map(({ code, file, message }) =>
    element(
      "li",
      {},
      element(
        "p",
        {},
        file === undefined ? "" : element("b", {}, file),
        file === undefined ? "" : "：",
        meaningOf(code),
      ),
      element("p", { className: "english" }, message, " ", element("code", {}, code)),
    ),
  );
  return [element("ul", { className: "problems" }, ...items)];
}

/** A broken bundle may say anything of itself. */
function facts(result: VerifyResult): HTMLElement[] {
  const rows = factLines(result).flatMap(({ label, value }) => [
    element("dt", {}, label),
    element("dd", {}, value),
  ]);
  if (rows.length === 0) return [];
  const [chinese, english] = result.ok
    ? ["证据包所载", "What the bundle says"]
    : ["证据包所载（已损坏，不可信）", "What the bundle says (broken: not to be relied on)"];
  return [
    element("h2", {}, chinese, " ", element("span", { className: "english" }, english)),
    element("dl", { className: "facts" }, ...rows),
  ];
}

function exhibits(list: readonly Exhibit[]): HTMLElement[] {
  if (list.length === 0) return [];
  const title = element(
    "h2",
    {},
    "供外部查看的副本（已遮挡） ",
    element("span", { className: "english" }, "Copies for anyone outside (masked)"),
  );
  const figures = list.map(({ path, kind, content }) => {
    const src = URL.createObjectURL(content);
    const media =
      kind === "picture"
        ? element("img", { src, alt: path, loading: "lazy" })
        : element("video", { src, controls: true, muted: true });
    return element("figure", {}, media, element("figcaption", {}, path));
  });
  return [title, element("div", { className: "exhibits" }, ...figures)];
}
