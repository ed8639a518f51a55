import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readExposition, type Samples } from "./testing/read-exposition.ts";
import { WorkerMetrics } from "./worker-metrics.ts";

describe("what a worker tells", () => {
  let metrics: WorkerMetrics;
  beforeEach(() => {
    metrics = new WorkerMetrics();
  });
  afterEach(() => metrics.close());

  async function scrape(): Promise<Samples> {
    return readExposition((await metrics.scrape()).body);
  }
  const ofCamera = (samples: Samples, id: string) =>
    Object.fromEntries([...samples].filter(([key]) => key.includes(`camera_id="${id}"`)));

  it("adds up per camera, and a scrape changes nothing", async () => {
    metrics.cameraState("a", "watched");
    metrics.cameraState("b", "offline");
    metrics.frames("a", { decoded: 25, analysed: 5 });
    metrics.frames("a", { decoded: 25, analysed: 4, dropped: 1 });
    metrics.gap("b", "offline", 12.5);
    metrics.gap("b", "offline", 2.5);
    metrics.gap("b", "blind", 1);
    metrics.restarted("b");
    metrics.restarted("b");
    metrics.stalled("b");
    metrics.ringLost("b", 3);
    for (const samples of [await scrape(), await scrape()]) {
      expect(ofCamera(samples, "a")).toEqual({
        'forewarn_camera_state{camera_id="a",state="watched"}': 1,
        'forewarn_frames_decoded_total{camera_id="a"}': 50,
        'forewarn_frames_analysed_total{camera_id="a"}': 9,
        'forewarn_frames_dropped_total{camera_id="a"}': 1,
        'forewarn_capture_restarts_total{camera_id="a"}': 0,
        'forewarn_capture_stalls_total{camera_id="a"}': 0,
        'forewarn_ring_losses_total{camera_id="a"}': 0,
      });
      expect(ofCamera(samples, "b")).toMatchObject({
        'forewarn_gap_seconds_total{camera_id="b",kind="offline"}': 15,
        'forewarn_gap_seconds_total{camera_id="b",kind="blind"}': 1,
        'forewarn_capture_restarts_total{camera_id="b"}': 2,
        'forewarn_capture_stalls_total{camera_id="b"}': 1,
        'forewarn_ring_losses_total{camera_id="b"}': 3,
      });
      expect(samples.get('forewarn_cameras{state="watched"}')).toBe(1);
      expect(samples.get('forewarn_cameras{state="offline"}')).toBe(1);
    }
  });

  it("lets a camera be in one state, and tells of those that are left as 0", async () => {
    metrics.cameraState("a", "starting");
    metrics.cameraState("a", "watched");
    const samples = await scrape();
    expect(samples.get('forewarn_cameras{state="starting"}')).toBe(0);
    expect(samples.get('forewarn_cameras{state="watched"}')).toBe(1);
    expect(Object.keys(ofCamera(samples, "a")).filter((key) => key.includes("state="))).toEqual([
      'forewarn_camera_state{camera_id="a",state="watched"}',
    ]);
  });

  it("leaves no label of a camera that is gone", async () => {
    metrics.cameraState("a", "watched");
    metrics.frames("a", { analysed: 1 });
    metrics.gap("a", "blind", 1);
    await scrape();
    metrics.forgetCamera("a");
    const samples = await scrape();
    expect(ofCamera(samples, "a")).toEqual({});
    expect(samples.get('forewarn_cameras{state="watched"}')).toBe(0);
  });

  it("puts times into buckets", async () => {
    metrics.stage("inference_run", 0.013);
    metrics.stage("inference_run", 0.03);
    metrics.incident("triggered", 4);
    metrics.incident("sealed", 0.2);
    metrics.alarm("offline");
    const samples = await scrape();
    expect(samples.get('forewarn_stage_seconds_count{stage="inference_run"}')).toBe(2);
    expect(samples.get('forewarn_stage_seconds_sum{stage="inference_run"}')).toBeCloseTo(0.043);
    expect(samples.get('forewarn_stage_seconds_bucket{le="0.025",stage="inference_run"}')).toBe(1);
    expect(samples.get('forewarn_stage_seconds_bucket{le="+Inf",stage="inference_run"}')).toBe(2);
    expect(samples.get('forewarn_candidate_to_incident_seconds_bucket{from="triggered",le="5"}')).toBe(1);
    expect(samples.get('forewarn_candidate_to_incident_seconds_bucket{from="sealed",le="0.1"}')).toBe(0);
    expect(samples.get('forewarn_alarms_total{kind="offline"}')).toBe(1);
  });

  it("tells of the program itself", async () => {
    const samples = await scrape();
    expect(samples.get("forewarn_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(samples.get("forewarn_cpu_seconds_total")).toBeGreaterThan(0);
    expect(samples.get('forewarn_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0);
    expect([...samples.keys()].some((key) => key.startsWith("forewarn_info{version="))).toBe(true);
    expect((await metrics.scrape()).contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("escapes what a camera may be called", async () => {
    metrics.frames('a"\\\n', { analysed: 1 });
    expect((await metrics.scrape()).body).toContain('camera_id="a\\"\\\\\\n"');
  });
});
