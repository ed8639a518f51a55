import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLogLine } from "./ffmpeg-log.ts";
import { LineSplitter } from "./line-splitter.ts";

const own = (text: string) => parseLogLine(`[showinfo@forewarn @ 0x55a5cf8a57c0] [info] ${text}`);

describe("parseLogLine", () => {
  it("reads time base, frames and the final count", () => {
    expect(own("config in time_base: 1/90000, frame_rate: 101/4")).toEqual({
      kind: "time-base",
      num: 1,
      den: 90000,
    });
    expect(own("n: 145 pts:6714990 pts_time:74.611  pos:  2111967 fmt:rgb24")).toEqual({
      kind: "frame",
      n: 145,
      pts: 6714990,
    });
    expect(own("n:   0 pts: -1024 pts_time:-0.1 pos: 1")).toEqual({ kind: "frame", n: 0, pts: -1024 });
    expect(own("n:   3 pts:NOPTS pts_time:NOPTS pos: 1")).toEqual({ kind: "frame", n: 3, pts: null });
    expect(own("color_range:pc color_space:gbr")).toEqual({ kind: "noise" });
    expect(
      parseLogLine(
        "[verbose]   Input stream #0:0 (video): 754 packets read (2150657 bytes); 734 frames decoded; ",
      ),
    ).toEqual({ kind: "decoded", frames: 734 });
  });

  it("keeps what people must read, and does not take it for ours", () => {
    expect(parseLogLine("[h264 @ 0x1] [error] n:   0 pts: 1 ")).toEqual({ kind: "message", severe: true });
    expect(parseLogLine("[Parsed_showinfo_1 @ 0x1] [info] n:   0 pts: 1 ")).toEqual({ kind: "noise" });
    expect(parseLogLine("Segmentation fault")).toEqual({ kind: "message", severe: false });
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (line) => typeof parseLogLine(line).kind === "string"));
  });
});

describe("LineSplitter", () => {
  it("gives the same lines however the text was cut", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{1,20}$/)), fc.array(fc.nat(40)), (lines, cuts) => {
        const text = lines.map((line) => `${line}\n`).join("");
        const seen: string[] = [];
        const splitter = new LineSplitter((line) => seen.push(line));
        let at = 0;
        for (const cut of cuts) {
          splitter.push(text.slice(at, at + cut));
          at += cut;
        }
        splitter.push(text.slice(at));
        splitter.end();
        expect(seen).toEqual(lines);
      }),
    );
  });

  it("cuts a line that does not end", () => {
    const seen: string[] = [];
    const splitter = new LineSplitter((line) => seen.push(line));
    for (let n = 0; n < 100; n += 1) splitter.push("x".repeat(1000));
    splitter.push("\nnext\n");
    expect(seen.map((line) => line.length)).toEqual([4096, 4]);
  });
});
