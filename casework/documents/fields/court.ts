import { documentCodes } from "../document-codes.ts";
import { sentence } from "../format-zh.ts";
import { documentsSoFar, evidenceKinds, numberOf, type OfCase } from "../source.ts";
import type { FieldValues } from "../template.ts";
import { changeOf } from "./changed.ts";

const CHANGES = { changed: "变更", revoked: "撤销", unlawful: "确认违法", void: "确认无效" } as const;
const CHANGERS = {
  agency: "本机关自行",
  review_body: "依照行政复议决定",
  court: "依照人民法院裁判",
} as const;

/** 申请法院执行、决定的变更 */
export function courtFields(source: OfCase): FieldValues {
  const { file } = source;
  const change = changeOf(source);
  return {
    appliedCourt: file.court?.court,
    appliedAmount: file.court?.amountFen,
    appliedOn: file.court?.appliedOn,
    courtMaterials: courtMaterials(source),
    caseMaterials: caseMaterials(source),
    partyViews: partyViews(source),
    changeKind: change === null ? null : CHANGES[change.kind],
    changedBy: change === null ? null : CHANGERS[change.by],
    changeReason: sentence(change?.reason ?? ""),
    changeOn: change?.on,
  };
}

/** 行政强制法 55: the decision with its facts, reasons and basis; the party's views; the urging; what is asked for. */
function courtMaterials({ file }: OfCase): string[] {
  const titled = (docId: string | null | undefined) => {
    const document = file.documents.find((one) => one.docId === docId);
    if (document === undefined) return [];
    const number = numberOf(file, docId);
    return [`${documentCodes[document.code].zh}${number === null ? "" : `（${number}）`}`];
  };
  const evidence = file.evidence
    .filter(({ withdrawn }) => withdrawn === null)
    .map(({ kind, title }) => `证据：${evidenceKinds[kind]}（${title}）`);
  return [
    ...titled(file.decision?.docId),
    ...titled(file.urging?.docId),
    ...file.services
      .filter(
        ({ outcome, docId }) =>
          outcome === "served" && [file.decision?.docId, file.urging?.docId].includes(docId),
      )
      .map(({ code }) => `《${documentCodes[code].zh}》的送达证明`),
    ...evidence,
    ...(file.statements.length === 0 ? [] : ["当事人的陈述、申辩及复核意见"]),
    "申请强制执行标的情况说明",
  ];
}

/** Everything of the file that goes along when the case is handed over. */
function caseMaterials(source: OfCase): string[] {
  const documents = documentsSoFar(source).map(
    ({ code, number }) => `${documentCodes[code].zh}${number === null ? "" : `（${number}）`}`,
  );
  const evidence = source.file.evidence
    .filter(({ withdrawn }) => withdrawn === null)
    .map(({ kind, title }) => `${evidenceKinds[kind]}：${title}`);
  return [...documents, ...evidence];
}

function partyViews({ file }: OfCase): string | null {
  const texts = file.statements.map(({ text }) => text.trim());
  if (texts.length > 0) return texts.join("\n");
  return file.urging === null ? null : "当事人收到催告书后未提出陈述、申辩意见。";
}
