import { connect } from "node:net";

const ANSWER_WITHIN_MS = 2_000;

/** Whether the Redis on this port of 127.0.0.1 takes the password and commands (not while it loads its data). */
export function pingRedis(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    const finish = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setEncoding("utf8").setTimeout(ANSWER_WITHIN_MS, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
    // Redis also takes plain lines ("inline commands").
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (text: string) => {
      answer += text;
      const [first, second] = answer.split("\r\n");
      if (first?.startsWith("-") || second?.startsWith("-")) finish(false);
      else if (first === "+OK" && second === "+PONG") finish(true);
    });
  });
}
