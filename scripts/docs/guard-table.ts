import { readdirSync } from "node:fs";
import { join } from "node:path";
import { guardNames } from "../../casework/case/guard-names.ts";
import { guards } from "../../casework/case/guards/guards.ts";
import type { GuardCase } from "../../casework/case/testing/guard-case.ts";
import { TestWorld } from "../../casework/case/testing/world.ts";
import type { Refusal } from "../../casework/refusal.ts";
import { findLaw } from "../../config/laws.ts";
import { packageRoot } from "../../runtime/version.ts";
import { markdownTable } from "./markdown.ts";

/** Every guard with what it says when it refuses: from the cases that each guard is tested by. */
export async function guardTableMarkdown(): Promise<string> {
  const cases = await guardCases();
  const rows = guardNames.flatMap((name) => {
    const refusals = new Map<string, Refusal>();
    for (const { guard, refused } of cases) {
      const refusal = guard === name ? guards[name](refused(new TestWorld())) : null;
      if (refusal !== null && !refusals.has(refusal.code)) refusals.set(refusal.code, refusal);
    }
    return [...refusals.values()].map(({ code, article, messageZh }, index) => [
      index === 0 ? `\`${name}\`` : "",
      `\`${code}\``,
      article === undefined ? "" : articleZh(article),
      messageZh,
    ]);
  });
  return markdownTable(["条件 guard", "代码 code", "依据", "提示（举例）"], rows);
}

function articleZh(article: string): string {
  const [law = "", number = ""] = article.split(":");
  return `${findLaw(law)?.name.zh ?? law} ${number}`;
}

async function guardCases(): Promise<GuardCase[]> {
  const folder = join(packageRoot, "casework/case/guards");
  const files = readdirSync(folder).filter((name) => name.endsWith("-guards.cases.ts"));
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file)) as Promise<{ readonly cases: readonly GuardCase[] }>),
  );
  return modules.flatMap((module) => module.cases);
}
