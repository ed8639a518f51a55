// The way a Node.js program is usually put together: fluent-ffmpeg makes JPEGs, sharp makes pixels of them,
// JavaScript fills the tensor, ONNX Runtime runs with its defaults on the main thread.
import { parseArgs } from "node:util";
import ffmpeg from "fluent-ffmpeg";
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { z } from "zod";
import { loadConfig } from "../../../config/env.ts";
import { treeCpuMs } from "../../../runtime/cpu-time.ts";
import { findTool } from "../../../runtime/tools.ts";
import { detectionsIn } from "./plain-boxes.mts";

const options = z
  .object({
    clip: z.string(),
    model: z.string(),
    fps: z.coerce.number().positive(),
    seconds: z.coerce.number().positive(),
  })
  .parse(
    parseArgs({
      options: {
        clip: { type: "string" },
        model: { type: "string" },
        fps: { type: "string" },
        seconds: { type: "string" },
      },
    }).values,
  );

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const JPEG_END = Buffer.from([0xff, 0xd9]);

const session = await InferenceSession.create(options.model);
const [inputName] = session.inputNames;
const [metadata] = session.inputMetadata;
const shape = metadata?.isTensor ? metadata.shape.map(Number) : [];
const [, channels, height = 0, width = 0] = shape;
if (inputName === undefined || channels !== 3 || !(width > 0 && height > 0))
  throw new Error(`${options.model} takes [${shape}] instead of [1, 3, height, width]`);
// Loading the model is no part of what a frame costs, at either side.
const startedCpuMs = treeCpuMs();
const startedMs = performance.now();

ffmpeg.setFfmpegPath(findTool("ffmpeg", loadConfig()));
const pictures = ffmpeg(options.clip)
  .duration(options.seconds)
  .noAudio()
  .videoFilters(`fps=${options.fps}`)
  .outputFormat("image2pipe")
  .videoCodec("mjpeg")
  .on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
const ended = new Promise((resolve) => pictures.once("end", resolve));

let frames = 0;
let found = 0;
let rest: Buffer = Buffer.alloc(0);
for await (const chunk of pictures.pipe() as AsyncIterable<Buffer>) {
  rest = Buffer.concat([rest, chunk]);
  for (let end = rest.indexOf(JPEG_END); end >= 0; end = rest.indexOf(JPEG_END)) {
    const jpeg = rest.subarray(rest.indexOf(JPEG_START), end + JPEG_END.length);
    rest = rest.subarray(end + JPEG_END.length);
    found += await analyse(jpeg, inputName);
    frames += 1;
  }
}
await ended;
console.log(
  JSON.stringify({ frames, cpuMs: treeCpuMs() - startedCpuMs, wallMs: performance.now() - startedMs, found }),
);

async function analyse(jpeg: Buffer, input: string): Promise<number> {
  const pixels = await sharp(jpeg)
    .resize(width, height, { fit: "contain", position: "left top", background: "#727272" })
    .removeAlpha()
    .raw()
    .toBuffer();
  const area = width * height;
  const tensor = new Float32Array(3 * area);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++)
        // YOLOX was trained on BGR, OpenCV's order.
        tensor[channel * area + y * width + x] = pixels[(y * width + x) * 3 + 2 - channel] ?? 0;
  const outputs = await session.run({ [input]: new Tensor("float32", tensor, [1, 3, height, width]) });
  return detectionsIn(Object.values(outputs), width, height);
}
