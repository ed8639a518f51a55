import { caseTable, stepNames } from "../../casework/case/case-table.ts";
import { type DocumentCode, documentCodes } from "../../casework/documents/document-codes.ts";
import { markdownTable } from "./markdown.ts";
import { stepLeaves } from "./step-effects.ts";

/** What makes a document beside the steps of the table. */
const besides: Partial<Record<DocumentCode, string>> = {
  N01: "线索登记",
  N07: "事件转为案件线索",
  W01: "认定事件已改正或未改正；尚无记录的，事件转为案件线索",
  D02: "书面责令改正（第 1 级劝导）",
  D16: "向当事人发送查看监控记录的链接",
  N20: "提出督办事项",
  N21: "登记监控设备的法制审核",
  N22: "登记监控设备的技术审核",
  N23: "批准查看原始图像、视频",
};

/** Every document with its 字, and the steps that issue it. */
export function documentTableMarkdown(): string {
  const codes = Object.keys(documentCodes) as DocumentCode[];
  return markdownTable(
    ["代码", "文书", "字", "送达", "由哪一步制作"],
    codes.map((code) => {
      const { zh, mark, external } = documentCodes[code];
      return [code, zh, mark ?? "—", external ? "对外" : "入卷", makersZh(code)];
    }),
  );
}

function makersZh(code: DocumentCode): string {
  const steps = stepNames.filter((name) => stepLeaves[name].documents?.includes(code) === true);
  const makers = steps.map((name) => `${caseTable[name].zh} \`${name}\``);
  const other = besides[code];
  if (other !== undefined) makers.push(other);
  return makers.length === 0 ? "有模板，没有步骤自动制作" : makers.join("、");
}
