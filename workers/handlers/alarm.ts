import { type Job, UnrecoverableError } from "bullmq";
import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import { findCameraAlarm } from "../../store/camera-health-read-model.ts";
import { type AlarmOutcome, recordAlarm } from "../../store/camera-task-store.ts";
import { withTx } from "../../store/pool.ts";
import { alarmText } from "../channels/alarm-text.ts";
import type { AlarmChannel } from "../channels/channel.ts";
import { alarmChannels } from "../channels/channels.ts";
import type { WorkerContext } from "../context.ts";

/** Sends one alarm over one channel and writes down how it went; what was sent is not sent again. */
export async function sendAlarm(
  context: WorkerContext,
  { alarmId }: Payload<"alarms">,
  job: Job,
): Promise<void> {
  const alarm = await findCameraAlarm(context.pool, alarmId);
  if (alarm === undefined || alarm.state === "sent") return;
  const note = (state: AlarmOutcome["state"], detail: object) =>
    withTx(context.pool, (tx) =>
      recordAlarm(
        tx,
        { actor: { kind: "system", name: "alarm-worker" }, scope: "every", at: context.clock.now(), newId },
        { alarmId, state, detail },
      ),
    );
  const channel: AlarmChannel | undefined = alarmChannels[alarm.channel];
  if (channel === undefined) {
    const fault = `there is no channel "${alarm.channel}"`;
    await note("failed", { fault });
    throw new UnrecoverableError(fault);
  }
  const { taskId, cameraId, cameraName, region, place, kind, openedAt } = alarm;
  const text = alarmText(kind, alarm);
  try {
    const receipt = await channel({
      ...{ context, alarmId, taskId, cameraId, cameraName, region, place, kind, openedAt },
      textZh: text.zh,
      textEn: text.en,
    });
    await note("sent", receipt.detail);
  } catch (error) {
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    await note(last ? "failed" : "pending", {
      fault: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
