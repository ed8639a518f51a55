#!/usr/bin/env node
// Acts as an ffmpeg that writes five frames of 4×2 pixels, then hangs and does not listen to SIGTERM.
import { writeSync } from "node:fs";

writeSync(2, `[info] pid ${process.pid}\n`);
process.on("SIGTERM", () => process.stderr.write("[info] SIGTERM? No.\n"));
writeSync(2, "[showinfo@forewarn @ 0x1] [info] config in time_base: 1/10, frame_rate: 10/1\n");
for (let n = 0; n < 5; n += 1) {
  writeSync(2, `[showinfo@forewarn @ 0x1] [info] n:   ${n} pts:      ${n} pts_time:${n / 10} pos: 0\n`);
  writeSync(1, Buffer.alloc(4 * 2 * 3, n));
}
setInterval(() => process.uptime(), 60_000);
