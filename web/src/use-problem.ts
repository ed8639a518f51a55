import { ref, shallowRef } from "vue";
import { type Objection, Problem } from "./api.ts";
import { objectionText } from "./i18n.ts";

/** Everything a refusal says: the first reason, then whatever else stands in the way. */
export function objectionsOf({ code, message, titleZh, article, also }: Problem): readonly Objection[] {
  const optional = {
    ...(titleZh === undefined ? {} : { titleZh }),
    ...(article === undefined ? {} : { article }),
  };
  return [{ code, title: message, ...optional }, ...also];
}

/** Runs what may be refused; a refusal becomes sentences in the reader's language, anything else is a fault of ours. */
export function useProblem() {
  const problem = ref("");
  const objections = shallowRef<readonly Objection[]>([]);
  /** True when the work was done. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    problem.value = "";
    objections.value = [];
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      objections.value = objectionsOf(error);
      problem.value = objectionText(objections.value[0] ?? {});
      return false;
    }
  };
  return { problem, objections, attempt };
}
