#!/usr/bin/env node
// Acts as an ffmpeg that writes five frames of 4×2 pixels and half of a sixth, says something and dies.
import { writeSync } from "node:fs";

writeSync(2, "[showinfo@forewarn @ 0x1] [info] config in time_base: 1/10, frame_rate: 10/1\n");
for (let n = 0; n < 5; n += 1) {
  writeSync(2, `[showinfo@forewarn @ 0x1] [info] n:   ${n} pts:      ${n} pts_time:${n / 10} pos: 0\n`);
  writeSync(1, Buffer.alloc(4 * 2 * 3, n));
}
writeSync(1, Buffer.alloc(11, 0xee));
writeSync(2, `[rtsp @ 0x2] [error] ${process.argv[process.argv.indexOf("-i") + 1]}: \u0000\ufffd broken\n`);
process.exit(3);
