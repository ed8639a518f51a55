import { describe, expect, it } from "vitest";
import { UsageError } from "./domain/errors.ts";
import { fakeDetectors } from "./evidence/masking/testing/masking-fixture.ts";
import type { PlateReader } from "./evidence/plate/plate-reader.ts";
import { silentLog } from "./evidence/testing/bundle-fixture.ts";
import { InferenceError } from "./inference/errors.ts";
import { type LentModels, type SealingModelOpeners, SealingModels } from "./sealing-models.ts";

const PLACES = { modelsDir: "", packageRoot: "", executionProviders: ["cpu"], log: silentLog };

/** What was opened and closed, in order; a set of detectors says by its face model whose it is. */
function modelsWith(changes: Partial<SealingModelOpeners> = {}) {
  const events: string[] = [];
  const openers: SealingModelOpeners = {
    async openMasking(modelId) {
      events.push(`open ${modelId}`);
      const { faces, ...set } = fakeDetectors({});
      const close = async () => void events.push(`close ${modelId}`);
      return { ...set, faces: { ...faces, modelId }, close };
    },
    openPlateReader: async () => null,
    ...changes,
  };
  return { models: new SealingModels(PLACES, openers), events };
}

const whose = async ({ masking }: LentModels) => masking?.faces.modelId;

describe("SealingModels", () => {
  it("lends each camera's own model, opened once", async () => {
    const { models, events } = modelsWith();
    expect(await models.lend("one", whose)).toBe("one");
    expect(await models.lend("two", whose)).toBe("two");
    expect(await models.lend("one", whose)).toBe("one");
    expect(events).toEqual(["open one", "open two"]);
    await models.close();
    expect(events.slice(2).sort()).toEqual(["close one", "close two"]);
  });

  it("keeps the two used last and the default one", async () => {
    const { models, events } = modelsWith();
    for (const modelId of ["default", "one", "two", "one", "three"]) await models.lend(modelId, whose);
    expect(events).toEqual(["open default", "open one", "open two", "open three", "close two"]);
  });

  it("closes nothing that is in use", async () => {
    const { models, events } = modelsWith();
    let finish: () => void = () => undefined;
    const long = models.lend("one", async (lent) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return whose(lent);
    });
    for (const modelId of ["two", "three", "four"]) await models.lend(modelId, whose);
    expect(events).not.toContain("close one");
    finish();
    expect(await long).toBe("one");
    expect(events).toContain("close one");
  });

  it("lets the default one look where the camera's cannot be opened, and nobody where neither can", async () => {
    const { models } = modelsWith({
      openMasking: async (modelId) => {
        if (modelId === "gone") throw new UsageError("no such model");
        const { faces, ...set } = fakeDetectors({});
        return { ...set, faces: { ...faces, modelId } };
      },
    });
    expect(await models.lend("gone", whose)).toBe("default");
    const none = modelsWith({ openMasking: () => Promise.reject(new TypeError("a bug")) });
    expect(await none.models.lend("gone", async ({ masking }) => masking)).toBeNull();
    await none.models.close();
  });

  it("opens another plate reader when the thread of one crashed", async () => {
    let opened = 0;
    const { models } = modelsWith({
      openPlateReader: async (): Promise<PlateReader> => {
        opened += 1;
        const crashed = new InferenceError("inference.thread_crashed", "it is gone");
        return {
          model: { id: `reader ${opened}`, sha256: "0".repeat(64) },
          read: opened === 1 ? () => Promise.reject(crashed) : async () => null,
          close: async () => undefined,
        };
      },
    });
    const read = ({ plateReader }: LentModels) =>
      plateReader?.read({ pixels: new Uint8Array(3), size: { width: 1, height: 1 } }, [0, 0, 1, 1]) ??
      Promise.reject(new Error("no reader"));
    await expect(models.lend("one", read)).rejects.toThrow("it is gone");
    await expect(models.lend("one", read)).resolves.toBeNull();
    expect(opened).toBe(2);
  });
});
