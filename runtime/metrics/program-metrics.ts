import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import { softwareVersion } from "../version.ts";

/** How often the event loop is looked at. Finer looks cost more than they tell. */
const LOOK_EVERY_MS = 20;
const NS_PER_SEC = 1e9;

/**
 * What every program of ours tells about itself, in a registry of its own: memory, CPU time and how long the event
 * loop keeps work waiting.
 */
export class ProgramMetrics {
  readonly registry = new Registry();
  readonly #delay: IntervalHistogram;

  constructor(program: "worker" | "api") {
    const registers = [this.registry];
    this.registry.setDefaultLabels({ program });
    new Gauge({
      name: "forewarn_info",
      help: "Always 1; the version is in the label",
      labelNames: ["version"],
      registers,
    }).set({ version: softwareVersion }, 1);
    new Gauge({
      name: "forewarn_resident_memory_bytes",
      help: "Resident memory of the program, without the ffmpeg processes it started",
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: "forewarn_cpu_seconds_total",
      help: "CPU time (user + system) since the start, without the ffmpeg processes it started",
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
    this.#delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
    this.#delay.enable();
    const delay = this.#delay;
    new Gauge({
      name: "forewarn_event_loop_delay_seconds",
      help: "How late the event loop came to its work since the last scrape",
      labelNames: ["quantile"],
      registers,
      collect() {
        // What was measured includes the interval between two looks.
        const late = (ns: number) => Math.max(0, ns / NS_PER_SEC - LOOK_EVERY_MS / 1000);
        this.set({ quantile: "0.5" }, late(delay.percentile(50)));
        this.set({ quantile: "0.99" }, late(delay.percentile(99)));
        this.set({ quantile: "1" }, late(delay.max));
        delay.reset();
      },
    });
  }

  /** The scrape: text in Prometheus's exposition format 0.0.4. */
  async scrape(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  /** Ends the timer behind the event loop's delay. */
  close(): void {
    this.#delay.disable();
  }
}
