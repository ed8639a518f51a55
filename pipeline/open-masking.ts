import { join } from "node:path";
import type { Detector, Log } from "./domain/ports.ts";
import type { Finder, MaskingDetectors } from "./evidence/masking/finder.ts";
import { isVehicle, PERSON } from "./evidence/masking/labels.ts";
import { Limiter } from "./evidence/masking/limiter.ts";
import { detectorOf, loadInto } from "./inference/detector.ts";
import { frameOfPixels } from "./inference/frame-of-pixels.ts";
import { InferencePool } from "./inference/inference-pool.ts";
import { prepareModel } from "./inference/prepare-model.ts";
import { installState } from "./inference/registry/ensure-model.ts";
import { DEFAULT_ALIAS, findModel, loadRegistry } from "./inference/registry/registry.ts";
import { startThread } from "./inference/start-thread.ts";
import { type LocatedModel, locateModel, type ModelPlaces } from "./open-detector.ts";

/** Better ones first; the last is made from an npm package, so it is there on every machine. */
const FACE_MODELS = ["yunet", "blazeface"];
const PLATE_MODEL = "vehicle-plate-barrier-0106";

/** Below what a rule would act on: to hide a bush costs little, to show a face costs somebody. docs/masking.md has both. */
const MEASURED_SCORES: Readonly<Record<string, number>> = { centernet: 0.1, "picodet-s-640": 0.2 };
/** Of models nobody measured for this: the score from which the registry finds them worth looking at, divided by this. */
const SCORE_DIVISOR = 3;
const MIN_SCORES = { faces: 0.3, plates: 0.2 } as const;
/** Side of the smallest tile as a multiple of the model's input; docs/masking.md has what finer ones find and cost. */
const TILE_PER_INPUT: PerFinder = { objects: 1.5, faces: 1, plates: 1 };

/** Of all pictures that are looked at meanwhile; far below what the inference pool lets wait. */
const TILES_AT_ONCE = 4;

type PerFinder = Readonly<Record<"objects" | "faces" | "plates", number>>;

export interface OpenMaskingOptions extends ModelPlaces {
  /** The camera's model; another is taken where it knows no persons or no vehicles. */
  readonly modelId?: string;
  /** Left out: the best that is installed. */
  readonly faceModelId?: string;
  /** Instead of the usual ones: for measuring. */
  readonly minScores?: Partial<PerFinder>;
  readonly tilePerInput?: Partial<PerFinder>;
  readonly executionProviders: readonly string[];
  /** Worker threads, shared by all detectors. */
  readonly threads: number;
  readonly log: Log;
}

/**
 * Opens what finds faces, persons, vehicles and plates, in worker threads. Whoever gets an error here makes copies
 * that hide all but the subject instead.
 *
 * @throws UsageError, ModelInstallError, ModelConversionError, ModelLoadError, InferenceError
 */
export async function openMasking(options: OpenMaskingOptions): Promise<MaskingDetectors> {
  const objects = await locateObjects(options);
  const { faceModelId } = options;
  const faces = await locateFirst(faceModelId === undefined ? FACE_MODELS : [faceModelId], options);
  const plates = await locateInstalled(PLATE_MODEL, options);
  const { id: objectsId, suggestedThreshold } = objects.spec;
  const objectScore = MEASURED_SCORES[objectsId] ?? suggestedThreshold / SCORE_DIVISOR;
  const minScores: PerFinder = { objects: objectScore, ...MIN_SCORES, ...options.minScores };
  const tilePerInput = { ...TILE_PER_INPUT, ...options.tilePerInput };
  const pool = new InferencePool(options.threads, () => startThread());
  const turns = new Limiter(TILES_AT_ONCE);
  const open = async (model: LocatedModel, kind: keyof PerFinder): Promise<Finder> => {
    const { executionProviders, log } = options;
    const prepared = await prepareModel(model.spec, model.path, { labels: model.labels, executionProviders });
    const session = await loadInto(pool, prepared, log);
    const close = () => pool.close();
    const detector = detectorOf({ pool, model: prepared, session, key: `masking ${kind}`, close });
    const smallestTile = Math.round(detector.format.width * tilePerInput[kind]);
    return finderOf(detector, turns, minScores[kind], smallestTile);
  };
  try {
    return {
      objects: await open(objects, "objects"),
      faces: await open(faces, "faces"),
      plates: plates === undefined ? null : await open(plates, "plates"),
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/**
 * A detector as masking uses it.
 *
 * @param turns of all finders that share the detector's threads: what is beyond its limit waits here, not in their queue
 */
export function finderOf(detector: Detector, turns: Limiter, minScore: number, smallestTile: number): Finder {
  return {
    modelId: detector.modelId,
    modelSha256: detector.modelSha256,
    minScore,
    smallestTile,
    find: (picture, tile) =>
      turns.run(async () => {
        const pixels = await frameOfPixels(picture, tile, detector.format);
        const { width: sourceWidth, height: sourceHeight } = tile;
        return detector.detect({ pixels, sourceWidth, sourceHeight }, minScore);
      }),
  };
}

async function locateObjects(options: OpenMaskingOptions): Promise<LocatedModel> {
  const wanted = await locateModel({ ...options, modelId: options.modelId ?? DEFAULT_ALIAS });
  if (wanted.labels.includes(PERSON) && wanted.labels.some(isVehicle)) return wanted;
  return locateModel({ ...options, modelId: DEFAULT_ALIAS });
}

/** The first that is installed, else the last, which is made on the spot. */
async function locateFirst(ids: readonly string[], places: ModelPlaces): Promise<LocatedModel> {
  for (const id of ids) {
    const found = await locateInstalled(id, places);
    if (found !== undefined) return found;
  }
  return locateModel({ ...places, modelId: ids.at(-1) ?? DEFAULT_ALIAS });
}

async function locateInstalled(modelId: string, places: ModelPlaces): Promise<LocatedModel | undefined> {
  const registry = await loadRegistry(join(places.packageRoot, "models", "manifest.json"));
  const { state } = await installState(findModel(registry, modelId), places.modelsDir);
  return state === "installed" ? locateModel({ ...places, modelId }) : undefined;
}
