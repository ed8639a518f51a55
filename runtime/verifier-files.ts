import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MissingToolError } from "../pipeline/domain/errors.ts";
import { packageRoot } from "./version.ts";

/** The verifier as it travels in every export: a script and a page, made by the build. */
export interface VerifierFiles {
  readonly script: Uint8Array;
  readonly page: Uint8Array;
}

/** Where the build puts verify.mjs and verify.html. */
export const VERIFIER_DIR = join(packageRoot, "dist", "verifier");

/** @throws MissingToolError when the build was not run */
export async function readVerifierFiles(dir: string = VERIFIER_DIR): Promise<VerifierFiles> {
  const read = (name: string) =>
    readFile(join(dir, name)).catch((cause: unknown) => {
      throw new MissingToolError(
        `${join(dir, name)} is missing: every export carries it. Run "npm run build:verifier" once.`,
        { cause },
      );
    });
  return { script: await read("verify.mjs"), page: await read("verify.html") };
}
