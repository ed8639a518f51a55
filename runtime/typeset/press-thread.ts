// Program of the press's worker thread: sets one document after the other as PDF.
import { parentPort } from "node:worker_threads";
import type { ComposedDocument } from "../../casework/documents/composed-document.ts";
import type { Refusal } from "../../casework/refusal.ts";
import { RefusedError } from "../../store/errors.ts";
import { typesetPdf } from "./typeset-pdf.ts";

export interface ToPress {
  readonly id: number;
  readonly document: ComposedDocument;
}

export type FromPress =
  | { readonly id: number; readonly type: "set"; readonly pdf: Uint8Array }
  | { readonly id: number; readonly type: "refused"; readonly refusal: Refusal }
  | { readonly id: number; readonly type: "failed"; readonly cause: unknown };

parentPort?.on("message", ({ id, document }: ToPress) => {
  void answer(id, document).then((message) => parentPort?.postMessage(message));
});

async function answer(id: number, document: ComposedDocument): Promise<FromPress> {
  try {
    return { id, type: "set", pdf: await typesetPdf(document) };
  } catch (error) {
    // An error of a class of ours would arrive as a bare Error: what it says to people travels as data.
    if (error instanceof RefusedError) return { id, type: "refused", refusal: error.refusal };
    return { id, type: "failed", cause: error };
  }
}
