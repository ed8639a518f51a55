import type { Problem } from "../bundle-source.ts";
import { shanghaiTime } from "../time-text.ts";
import type { Withheld } from "./export-note.ts";
import { printable } from "./printable.ts";
import type { LogFacts } from "./read-log-proof.ts";
import type { VerifyResult } from "./verify-source.ts";

/** What each code means, for readers of Chinese. `docs/verify.md` lists the same. */
const MEANING: Readonly<Record<string, string>> = {
  "file.missing": "文件缺失",
  "file.extra": "多出的文件，封存之后加入",
  "folder.extra": "多出的文件夹，封存之后加入",
  "file.size_changed": "文件大小改变，内容已被改动",
  "file.hash_mismatch": "文件内容已被改动",
  "file.not_regular": "文件被换成链接或文件夹",
  "manifest.missing": "清单缺失",
  "manifest.unreadable": "清单无法读取，已被改动或截断",
  "manifest.not_canonical": "清单被重新写过",
  "manifest.invalid": "清单内容不合格式",
  "seal.missing": "封条缺失",
  "seal.unreadable": "封条无法读取，已被改动或截断",
  "seal.not_canonical": "封条被重新写过",
  "seal.invalid": "封条内容不合格式",
  "seal.manifest_mismatch": "封条属于另一份清单：清单已被改动或替换",
  "seal.link_mismatch": "封条与清单中的编号或序号不符",
  "seal.signature_invalid": "签名无效：封条已被改动或伪造",
  "seal.public_key_invalid": "封条中的公钥无效",
  "seal.key_id_mismatch": "密钥编号与公钥不符",
  "seal.untrusted_key": "封存所用的不是您所信任的密钥",
  "export.unreadable": "导出说明无法读取",
  "export.not_canonical": "导出说明被重新写过",
  "export.invalid": "导出说明不合格式",
  "export.of_another_bundle": "导出说明属于另一个证据包",
  "export.withheld_mismatch": "导出说明所列未附文件与清单不符",
  "log.proof_unreadable": "日志证明无法读取",
  "log.proof_invalid": "日志证明不合格式",
  "log.proof_not_canonical": "日志证明被重新写过",
  "log.manifest_mismatch": "日志证明属于另一份清单",
  "log.bundle_mismatch": "日志证明属于另一个证据包",
  "log.leaf_mismatch": "日志条目与其哈希值不符",
  "log.index_beyond_checkpoint": "日志条目不在检查点范围内",
  "log.inclusion_invalid": "日志证明无效：条目不在该日志中",
  "log.checkpoint_public_key_invalid": "检查点中的公钥无效",
  "log.checkpoint_signature_invalid": "检查点签名无效",
  "log.checkpoint_key_id_mismatch": "检查点的密钥编号与公钥不符",
  "log.checkpoint_untrusted_key": "检查点所用的不是您所信任的密钥",
  "zip.unreadable": "zip 已损坏，无法解开",
  "zip.ambiguous": "zip 前后不一致，不同软件会解出不同内容",
  "zip.too_big": "zip 过大",
  "zip.too_many_entries": "zip 内文件过多",
  "zip.unsafe_path": "zip 内有指向外部的路径",
  "zip.duplicate_entry": "zip 内有重名文件",
};

/** The meaning of a code in Chinese; the code itself when it has none. */
export function meaningOf(code: string): string {
  return MEANING[code] ?? code;
}

/** One line, Chinese first: what is wrong and with what. */
export function problemText({ code, file, message }: Problem): string {
  return printable(`${file === undefined ? "" : `${file}：`}${meaningOf(code)} · ${message}  [${code}]`);
}

/** The verdict in two or three words of each language; a bundle without its originals never gets the plain one. */
export function verdictOf({ ok, withheld }: Pick<VerifyResult, "ok" | "withheld">): string {
  if (!ok) return "BROKEN 已损坏";
  return withheld === null ? "INTACT 完整" : "INTACT, WITHOUT ORIGINALS 完整（未附原件）";
}

/** What an export left out, and what that means. */
export function withheldText({ paths, sizeBytes }: Withheld): string {
  return (
    `originals withheld: ${paths.length} files, ${sizeBytes} bytes; they were not checked, their hashes are in the manifest ` +
    `未附原件 ${paths.length} 个文件（${sizeBytes} 字节），未作核验，其哈希值见清单`
  );
}

/** What no check of a bundle can say; shown with every verdict. */
export const LIMITS: readonly (readonly [string, string])[] = [
  [
    "任何人都能改动证据包后用自己的密钥重新封存：请把密钥编号与该机关公布的编号比对。",
    "Anyone can alter a bundle and seal it again with a key of their own: compare the key id with the one the authority has published.",
  ],
  [
    "时间取自封存机器的时钟；完整不等于违法成立，是否违法由执法人员认定。",
    "Times are those of the sealing machine's clock; whole does not mean guilty: an officer decides what it shows.",
  ],
  [
    "随包附带的核验程序不受封条保护：如有疑问，请从该机关网站另取一份，或按手工方法核验。",
    "A verifier that came inside the zip stands under no seal: in doubt take another copy from the authority's site, or check by hand.",
  ],
];

/** A label in both languages and what stands behind it. */
export interface FactLine {
  readonly label: string;
  readonly value: string;
}

const KEY_TRUST = {
  trusted: "是所信任的密钥 · a trusted key",
  untrusted: "不能证明是所信任的密钥 · NOT proven to be a trusted key",
  not_checked: "请与公布的编号比对 · compare with the published one",
} as const;

const GRADES = {
  evidence: "达到采集要求 · meets what a record must have",
  lead: "仅为线索，未达到采集要求 · a lead only: it lacks what a record must have",
} as const;

/** What the bundle says about itself, fit to be shown; nothing where the manifest cannot be read. */
export function factLines(result: VerifyResult): FactLine[] {
  return statedFacts(result).map(({ label, value }) => ({ label, value: printable(value) }));
}

function statedFacts({ facts, bundleId, log, unsealed }: VerifyResult): FactLine[] {
  if (facts === null) return [];
  return [
    { label: "证据包 bundle", value: bundleId ?? "–" },
    { label: "摄像机 camera", value: `${facts.cameraName} (${facts.cameraId})` },
    { label: "地点 place", value: facts.place },
    {
      label: "时间 time",
      value: `${localTime(facts.startedAt)} – ${localTime(facts.triggeredAt)}`,
    },
    { label: "等级 grade", value: GRADES[facts.grade] },
    { label: "序号 number", value: `${facts.sequence}` },
    { label: "文件 files", value: `${facts.files}, ${facts.sizeBytes} bytes` },
    { label: "清单 manifest sha256", value: facts.manifestSha256 },
    {
      label: "封存 sealed",
      value: facts.signedAt === null ? "–" : localTime(facts.signedAt),
    },
    { label: "密钥编号 key id", value: `${facts.keyId ?? "–"} (${KEY_TRUST[facts.keyTrust]})` },
    ...(log === null ? [] : [{ label: "日志 evidence log", value: logText(log) }]),
    ...(unsealed.length === 0
      ? []
      : [{ label: "不受封条保护 not under the seal", value: unsealed.join(", ") }]),
  ];
}

function logText(log: LogFacts): string {
  const { origin, index, size, kind, at, keyId, hasTimestamp } = log;
  const stamp = hasTimestamp
    ? "附时间戳，此处未核验 · with a timestamp, not checked here"
    : "无时间戳 · no timestamp";
  const key = `密钥编号 key id ${keyId} (${logKeyTrust(log)})`;
  return `${origin} #${index} / ${size}, ${kind}, ${localTime(at)}, ${key} (${stamp})`;
}

/** Without keys to compare with, all that is known is whether it is at least the key of the seal. */
function logKeyTrust({ keyTrust, isSealKey }: LogFacts): string {
  if (keyTrust === "trusted" || isSealKey) return KEY_TRUST[keyTrust];
  return `密钥未经证实，与封条所用的不同 · key not proven: not the one of the seal; ${KEY_TRUST.not_checked}`;
}

function localTime(instant: string): string {
  return shanghaiTime(Date.parse(instant));
}
