import { describe, expect, it } from "vitest";
import { type FrameReaderArgs, frameReaderArgs } from "./ffmpeg-args.ts";
import { ringArgs } from "./ring-args.ts";
import { sourceInput } from "./source-input.ts";

const wanted: FrameReaderArgs = {
  input: sourceInput({ url: "rtsp://cam/1", transport: "udp" }),
  probe: { width: 1920, height: 1080, colourMatrix: null },
  format: { width: 416, height: 416, pixelFormat: "bgr24", resize: "letterbox-center", padByte: 114 },
  fps: 2,
  keyframesOnly: false,
  deblock: false,
  realTime: false,
  loop: false,
  ringArgs: [],
};
const behind = (args: readonly string[], name: string) => args[args.indexOf(name) + 1] ?? "";

describe("frameReaderArgs", () => {
  it("scales, pads and stamps, in this order", () => {
    const filters = behind(frameReaderArgs(wanted), "-vf").split(/(?<!\\),/);
    expect(filters).toEqual([
      "select=isnan(prev_selected_t)+gt(floor(t*2+1e-6)\\,floor(prev_selected_t*2+1e-6))",
      "scale=416:234:flags=area+accurate_rnd:in_color_matrix=bt709",
      "format=bgr24",
      "pad=416:416:0:91:0x727272",
      "showinfo@forewarn=checksum=0",
    ]);
  });

  it("believes the stream about its colours, and enlarges with another scaler", () => {
    const args = frameReaderArgs({
      ...wanted,
      probe: { width: 320, height: 240, colourMatrix: "bt709" },
      format: { ...wanted.format, resize: "stretch" },
    });
    expect(behind(args, "-vf")).toContain("scale=416:416:flags=bicubic+accurate_rnd,format");
    expect(behind(args, "-vf")).not.toContain("pad=");
  });

  it.each([
    [{ keyframesOnly: false, deblock: false }, ["-skip_loop_filter"]],
    [{ keyframesOnly: false, deblock: true }, []],
    [{ keyframesOnly: true, deblock: false }, ["-skip_frame"]],
    [{ keyframesOnly: true, deblock: true }, ["-skip_frame"]],
  ])("decodes no more than %j", (decoding, skips) => {
    const args = frameReaderArgs({ ...wanted, ...decoding });
    expect(args.filter((arg) => arg.startsWith("-skip_"))).toEqual(skips);
  });

  it("puts what concerns the input before it", () => {
    const args = frameReaderArgs({
      ...wanted,
      keyframesOnly: true,
      realTime: true,
      loop: true,
      ringArgs: ringArgs("/r", 1),
    });
    const input = args.indexOf("-i");
    for (const name of [
      "-skip_frame",
      "-re",
      "-stream_loop",
      "-protocol_whitelist",
      "-rtsp_transport",
      "-threads",
    ])
      expect(args.indexOf(name), name).toSatisfy((at: number) => at >= 0 && at < input);
    expect(behind(args, "-rtsp_transport")).toBe("udp");
    expect(args.indexOf("-segment_list")).toBeGreaterThan(args.indexOf("pipe:1"));
  });
});

describe("ringArgs", () => {
  it("does not take a percent sign in the folder for a placeholder", () => {
    expect(ringArgs("/data/50%d", 3).at(-1)).toBe("/data/50%%d/ring-3-%06d.mkv");
  });
});
