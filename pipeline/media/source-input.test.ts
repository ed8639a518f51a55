import { describe, expect, it } from "vitest";
import { SourceNotAllowedError } from "./errors.ts";
import { isLiveSource, sourceInput } from "./source-input.ts";

const open = (url: string) => sourceInput({ url, transport: "tcp" });
const whitelist = (url: string) => {
  const { options } = open(url);
  return options[options.indexOf("-protocol_whitelist") + 1];
};

describe("sourceInput", () => {
  it.each([
    "-vf.mp4",
    "concat:a|b",
    "pipe:0",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "data:video;base64,AA",
  ])("takes %s for a file name and nothing else", (url) => {
    expect(open(url)).toMatchObject({ kind: "file", inputUrl: `file:${process.cwd()}/${url}` });
  });

  it("understands file URLs, with percent-encoding", () => {
    expect(open("file:///data/a%20b.mp4").inputUrl).toBe("file:/data/a b.mp4");
    expect(open("file:/data/a%20b.mp4").inputUrl).toBe("file:/data/a%20b.mp4");
  });

  it("lets each kind use its own protocols only", () => {
    expect(whitelist("/data/clip.m3u8")).toBe("file");
    expect(whitelist("rtsp://cam/1")).toBe("rtsp,rtp,udp,tcp");
    expect(whitelist("http://h/live.m3u8")).not.toContain("file");
    expect(open("rtsp://cam/1").options).toContain("-rtsp_transport");
  });

  it.each(["ftp://h/a", "gopher://h/a", "concat://a", "smb://h/a", "tcp://h:1", "javascript://x"])(
    "refuses %s",
    (url) => {
      expect(() => open(url)).toThrow(SourceNotAllowedError);
    },
  );

  it("does not repeat a password when it refuses", () => {
    expect(() => open("ftp://me:geheim@h/a")).toThrow(/^ftp:\/\/\*\*\*@h\/a: "ftp" sources are not opened/);
  });
});

describe("isLiveSource", () => {
  it("takes a recording on a web server for a recording", () => {
    expect(isLiveSource("http", 12)).toBe(false);
    expect(isLiveSource("http", null)).toBe(true);
    expect(isLiveSource("rtsp", 12)).toBe(true);
    expect(isLiveSource("file", null)).toBe(false);
  });
});
