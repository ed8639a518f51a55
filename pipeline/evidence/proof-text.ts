import type { Rule, Zone } from "../domain/types.ts";
import type { BundleInput } from "./bundle-input.ts";
import type { Manifest } from "./manifest-schema.ts";
import type { SiteKey } from "./site-key.ts";
import { shanghaiTime } from "./time-text.ts";

/**
 * 取证方法与证明对象, for people (行政诉讼证据规定 12: method, time, maker and what it proves). It states what was
 * observed and leaves the judgement to an officer.
 */
export function proofText(
  input: Pick<BundleInput, "candidate" | "camera" | "software" | "model"> & {
    readonly siteKey: Pick<SiteKey, "algorithm">;
  },
  rule: Rule,
  zone: Zone,
  { clip, capture }: Pick<Manifest, "clip" | "capture">,
): Manifest["proof"] {
  const { candidate, camera, software, model } = input;
  const pictures =
    clip.encoding === "stream_copied"
      ? "视频片段按原始码流截取，未经转码；静态图像由同一视频解码取得，特写由全景图像裁切取得；" +
        "标注、遮挡仅施加于 masked 目录内的副本。"
      : "本摄像机设有隐私遮挡区，视频片段与图像在保存前已将遮挡区涂黑，视频片段因此重新编码；特写由全景图像裁切取得；" +
        "标注、像素化遮挡仅施加于 masked 目录内的副本。";
  const grade =
    capture.grade === "evidence" ? "" : "本记录未达到证据采集要求（见清单 capture），只作线索使用。";
  const method =
    `固定摄像机（${camera.name}，${camera.id}）自动拍摄，由软件 ${software.name} ${software.version} ` +
    `及识别模型 ${model.id} 自动筛选。${pictures}各文件均计算 SHA-256 与 SM3 值，清单以 ${input.siteKey.algorithm} 数字签名封存。` +
    `${grade}本证据包由机器生成，须经执法人员审核确认。`;
  const object =
    `${shanghaiTime(candidate.startedAt.capturedAt)} 至 ${shanghaiTime(candidate.triggeredAt.capturedAt)}，` +
    `在${camera.location.place}（区域：${zone.name ?? zone.id}）观察到“${candidate.label}”类目标，` +
    `累计观察到的停留时间 ${seconds(candidate.dwellMs)} 秒，另有 ${seconds(candidate.unobservedMs)} 秒未能观察；` +
    `触发规则 ${rule.id}（版本 ${candidate.ruleVersion}，阈值 ${rule.dwellSeconds} 秒）。是否构成违法由执法人员认定。`;
  return { method, object };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
