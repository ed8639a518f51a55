#!/usr/bin/env node
// Acts as an ffmpeg that floods stderr, with and without line breaks, and ends well.
import { writeSync } from "node:fs";

const chunk = Buffer.alloc(1 << 16, "x");
for (let n = 0; n < 128; n += 1) writeSync(2, chunk);
writeSync(2, "\n");
for (let n = 0; n < 20_000; n += 1) writeSync(2, `[h264 @ 0x1] [error] line ${n}\n`);
