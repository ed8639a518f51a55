import { z } from "zod";
import { type ModelSpec, OUTPUT_LAYOUTS } from "../model-spec.ts";

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a kebab-case id such as yolox-nano");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
/** Becomes a path below a folder of ours: no separators, no leading dot. */
const onnxFile = z.string().regex(/^[A-Za-z0-9][\w.-]*\.onnx$/, "a plain file name that ends in .onnx");
const labelsName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "the name of a file in models/labels without .txt");
const packagePath = z
  .string()
  .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, "a path inside the package, without `..`");
const perChannel = z.tuple([z.number(), z.number(), z.number()]);
const pixels = z.int().min(16).max(8192);

const source = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("npm-tfjs"),
    package: z.string().regex(/^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/, "the name of an npm package"),
    json: packagePath,
    jsonSha256: sha256,
    bin: packagePath,
    binSha256: sha256,
  }),
  z.strictObject({ kind: z.literal("url"), url: z.url({ protocol: /^https$/ }) }),
  z.strictObject({ kind: z.literal("file"), note: z.string().min(1) }),
]);

const model = z
  .strictObject({
    id,
    file: onnxFile,
    sha256,
    sizeBytes: z.int().min(1),
    licence: z.string().min(1),
    source,
    input: z.strictObject({
      name: z.string().min(1),
      width: pixels,
      height: pixels,
      layout: z.enum(["NCHW", "NHWC"]),
      colour: z.enum(["RGB", "BGR"]),
      mean: perChannel,
      std: perChannel.refine((std) => std.every((value) => value > 0), "every std must be above 0"),
      resize: z.enum(["stretch", "letterbox-topleft", "letterbox-center"]),
      padByte: z.int().min(0).max(255),
    }),
    output: z.strictObject({
      layout: z.enum(OUTPUT_LAYOUTS),
      names: z.array(z.string().min(1)).min(1).exactOptional(),
      strides: z.array(z.int().min(1)).min(1).exactOptional(),
    }),
    labels: labelsName,
    suggestedThreshold: z.number().gt(0).lt(1),
    nmsIou: z.number().gt(0).max(1),
  })
  .superRefine((spec, context) => {
    // Converting cuts the graph at these outputs, so they have to be known.
    if (spec.source.kind === "npm-tfjs" && spec.output.names === undefined) {
      context.addIssue({
        code: "custom",
        path: ["output", "names"],
        message: "a model that is converted has to name its outputs",
      });
    }
  }) satisfies z.ZodType<ModelSpec>;

/** models/manifest.json as a whole: every model, and which one `default` means. */
export const manifestSchema = z
  .strictObject({ default: id, models: z.array(model).min(1) })
  .superRefine((manifest, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const seen = new Set<string>(["default"]);
    manifest.models.forEach((spec, index) => {
      for (const field of ["id", "file"] as const) {
        if (seen.has(spec[field])) complain(["models", index, field], `"${spec[field]}" is taken already`);
        seen.add(spec[field]);
      }
    });
    if (!manifest.models.some((spec) => spec.id === manifest.default))
      complain(["default"], `no model has the id "${manifest.default}"`);
  });
