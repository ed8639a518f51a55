import type { Manifest } from "./manifest-schema.ts";

/** README.txt of an export, for whoever opens the zip: what it is and three ways to check it. */
export function exportReadme(
  { bundleId, camera, sequence }: Pick<Manifest, "bundleId" | "camera" | "sequence">,
  { include, withheld }: { readonly include: "masked" | "all"; readonly withheld: number },
): string {
  const leftOut =
    include === "masked"
      ? [
          `本导出不含原件（${withheld} 个文件）：其中可能有他人。清单 manifest.json 载有每个原件的哈希值，`,
          "日后出示原件时可据此核对。",
          `This export holds no originals (${withheld} files): other people may be in them. manifest.json has the hash of`,
          "each, by which an original can be checked when it is shown.",
          "",
        ]
      : [];
  return [
    `证据包 Evidence bundle ${bundleId}`,
    `摄像机 Camera: ${camera.name} (${camera.id}), 序号 number ${sequence}`,
    "",
    "机器只提出线索，是否违法由执法人员认定。A machine has found this; an officer decides what it shows.",
    "",
    ...leftOut,
    "怎样核验 How to check that nothing was changed",
    "",
    "1. 用浏览器打开 verify.html，把这个 zip 拖进去。不联网，文件不离开您的电脑。",
    "   Open verify.html in a browser and drop the zip on it. No network; nothing leaves your computer.",
    "2. 解压后在此文件夹运行 node verify.mjs（需 Node.js 20 以上）。",
    "   Unpack, then run node verify.mjs in this folder (needs Node.js 20 or newer).",
    "3. 只用 sha256sum、openssl、jq 手工核验。在解压后的文件夹内运行：",
    "   By hand with sha256sum, openssl and jq only. In the unpacked folder:",
    "",
    ...(include === "masked"
      ? [
          `   jq -r '.files[] | select(.path | startswith("masked/")) | "\\(.sha256)  \\(.path)"' manifest.json \\`,
        ]
      : [`   jq -r '.files[] | "\\(.sha256)  \\(.path)"' manifest.json \\`]),
    "     | sha256sum --check --strict",
    `   echo "$(jq -r .manifestSha256 seal.json)  manifest.json" | sha256sum --check --strict`,
    "   jq -rj .publicKey seal.json > key.pem",
    "   jq -rj .signature seal.json | base64 -d > signature",
    `   { jq -rj .schema seal.json; printf '\\n'; jq -cjS 'del(.signature)' seal.json; } > message`,
    "   openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature",
    "",
    "   封条算法（seal.json 的 algorithm）为 SM2 时，最后一行另加 If algorithm in seal.json is SM2, add to the last line:",
    "   -digest sm3 -pkeyopt distid:1234567812345678",
    "",
    "重要 Important",
    "",
    "本文件、verify.html、verify.mjs、site-keys.pem、export.json 不受封条保护，有人可能替换它们。",
    "请从执法机关网站另取核验程序，并把密钥编号与其公布的编号比对：任何人都能用自己的密钥重新封存一份改过的包。",
    "This file, verify.html, verify.mjs, site-keys.pem and export.json are under no seal, somebody may have replaced",
    "them. Take the verifier from the authority's own site, and compare the key id with the one published there: anyone",
    "can alter a bundle and seal it again with a key of their own.",
    "",
  ].join("\n");
}
