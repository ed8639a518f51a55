import { pino } from "pino";
import { expect, it } from "vitest";
import { DiskGuard, type DiskState } from "./disk-guard.ts";

const GIB = 1024 ** 3;

/** A guard over two disks whose room the test sets; `null` for one that does not answer. */
async function guarding(room: Record<string, number | null>) {
  const said: { level: number; msg: string; folder: string }[] = [];
  const seen: DiskState[] = [];
  let now = 0;
  const guard = await DiskGuard.open({
    folders: Object.keys(room),
    minFreeBytes: GIB,
    clock: { now: () => now },
    log: pino({ level: "info" }, { write: (line: string) => void said.push(JSON.parse(line)) }),
    onLook: (state) => void seen.push(state),
    freeBytes: async (folder) => {
      const free = room[folder];
      if (free == null) throw new Error(`${folder} is not mounted`);
      return free;
    },
  });
  const lookAt = async (atMs: number) => {
    now = atMs;
    await guard.look();
    return guard.state;
  };
  return { guard, lookAt, said, seen };
}

it("says full below the limit of any disk, and room again only with a tenth to spare", async () => {
  const room = { "/spool": 5 * GIB, "/objects": 2 * GIB };
  const { guard, lookAt, said, seen } = await guarding(room);
  expect(guard.state).toEqual({ full: false, freeBytes: 2 * GIB, folder: "/objects", since: 0 });
  const change = guard.nextChange;
  room["/objects"] = GIB - 1;
  expect(await lookAt(10)).toEqual({ full: true, freeBytes: GIB - 1, folder: "/objects", since: 10 });
  expect(change.aborted).toBe(true);
  expect(said).toMatchObject([{ level: 50, folder: "/objects" }]);
  const back = guard.nextChange;
  room["/objects"] = GIB * 1.05;
  expect(await lookAt(20)).toMatchObject({ full: true, since: 10 });
  expect(back.aborted).toBe(false);
  room["/objects"] = GIB * 1.2;
  expect(await lookAt(30)).toMatchObject({ full: false, since: 30 });
  expect(back.aborted).toBe(true);
  expect(guard.nextChange.aborted).toBe(false);
  // Just above the limit again: it was not full before.
  room["/objects"] = GIB * 1.05;
  expect(await lookAt(40)).toMatchObject({ full: false, since: 30 });
  expect(said).toHaveLength(2);
  expect(seen.map(({ full }) => full)).toEqual([false, true, true, false, false]);
  await guard.close();
});

it("knows a disk that is full from the start, and takes one that does not answer for one", async () => {
  const room: Record<string, number | null> = { "/spool": GIB / 2 };
  const { guard, lookAt } = await guarding(room);
  expect(guard.state).toMatchObject({ full: true, freeBytes: GIB / 2 });
  room["/spool"] = 9 * GIB;
  expect(await lookAt(1)).toMatchObject({ full: false });
  room["/spool"] = null;
  expect(await lookAt(2)).toEqual({ full: true, freeBytes: null, folder: "/spool", since: 2 });
  await guard.close();
});
