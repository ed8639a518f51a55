import { ref } from "vue";
import { Problem } from "./api.ts";
import { language } from "./i18n.ts";

/** Runs what may be refused; a refusal becomes a sentence in the reader's language, anything else is a fault of ours. */
export function useProblem() {
  const problem = ref("");
  const attempt = async (work: () => Promise<void>) => {
    problem.value = "";
    await work().catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      problem.value = (language.value === "zh" ? error.titleZh : undefined) ?? error.message;
    });
  };
  return { problem, attempt };
}
