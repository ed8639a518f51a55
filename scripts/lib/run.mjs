import { spawn } from "node:child_process";

/**
 * Runs a program to its end, without a shell. Never throws: a program that is not there has code 127.
 * @returns {Promise<{ code: number, stdout: string, output: string }>} output: stdout and stderr together
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: options.cwd,
      // Messages are matched by their words: they must not be translated.
      env: { ...process.env, LC_ALL: "C", LANGUAGE: "C", ...options.env },
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", (error) => resolve({ code: 127, stdout, output: `${command}: ${error.message}` }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? 1, stdout, output: signal ? `${output}\n${signal}` : output }),
    );
  });
}

/** Runs a program in this terminal and waits. Signals meant for us are handed on; its exit code is returned. */
export function runInForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    const handOn = (signal) => {
      // A terminal sends Ctrl-C to every program of the group: the child has it already.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, handOn);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, handOn);
      resolve({ code, signal });
    });
  });
}

/** Ends this program the way the child ended, signal included, as a shell's `exec` would. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
}
