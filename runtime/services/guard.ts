import { spawn } from "node:child_process";

/** A shell that reads until this process is gone, by whatever death, and then ends the server. */
const SCRIPT = 'trap "" INT TERM HUP; while read -r line; do :; done; kill -s "$1" "$2" 2>/dev/null';

/**
 * Lets a server die with us even on kill −9, when no handler of ours can run: the kernel closes our end of
 * the guard's pipe. Returns what takes the guard away again, to be called once the server has ended.
 */
export function guardServer(pid: number, signal: "INT" | "TERM"): () => void {
  const guard = spawn("/bin/sh", ["-c", SCRIPT, "forewarn-guard", signal, String(pid)], {
    // A group of its own: Ctrl-C reaches every program of ours, and this one must stay to the end.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
  });
  // Without a shell the server is merely unguarded; the next start finds and ends what was left.
  guard.on("error", () => undefined);
  guard.unref();
  if (guard.stdin !== null && "unref" in guard.stdin && typeof guard.stdin.unref === "function")
    guard.stdin.unref();
  return () => {
    guard.kill("SIGKILL");
  };
}
