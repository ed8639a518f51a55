import type { CaseFile } from "../case-file.ts";
import type { CaseStep, StepOf } from "../step-input.ts";
import type { Random } from "./random.ts";
import type { Plan } from "./walk-world.ts";
import type { TestWorld } from "./world.ts";

/** What a sensible office would do next: a step by somebody, or wait so many days. */
export type Move = { readonly step: CaseStep; readonly who: string } | { readonly waitDays: number };

export interface Scene {
  readonly file: CaseFile;
  readonly plan: Plan;
  readonly world: TestWorld;
  readonly random: Random;
}

/** Mostly by hand; where nobody is found, by a public notice. */
export function serve({ file, world, random }: Scene, docId: string): Move {
  const tries = file.services.filter((service) => service.docId === docId);
  const running = tries.find(({ outcome }) => outcome === "running");
  if (running !== undefined) {
    return random.chance(0.3)
      ? by("system", { step: "complete_public_notice", serviceId: running.serviceId })
      : { waitDays: 12 };
  }
  const missed = tries.length === 0 && random.chance(0.05);
  const posted = tries.some(({ outcome }) => outcome === "failed");
  const step: StepOf<"serve"> = {
    step: "serve",
    docId,
    method: posted ? "public_notice" : "direct",
    attemptedOn: world.today,
    outcome: missed ? "failed" : "served",
    on: world.today,
    officers: file.handlers,
    details: {
      ...{ receiver: file.party?.name ?? "张三", receiverRole: "本人" },
      ...{ reason: "无人应答", postedAt: "公告栏", screenshot: "notice.png" },
    },
  };
  return byHandler(file, step);
}

export function by(who: string, step: CaseStep): Move {
  return { step, who };
}

export function byHandler(file: CaseFile, step: CaseStep): Move {
  return { step, who: file.handlers[0] ?? "officer-a" };
}
