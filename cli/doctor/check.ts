/** One thing the doctor looked at. */
export interface Check {
  readonly name: string;
  /** fail: Forewarn does not work. warn: it works, but something will be missing or wrong. */
  readonly status: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do; there for everything that is not ok. */
  readonly remedy?: string;
}

export const ok = (name: string, message: string): Check => ({ name, status: "ok", message });
export const warn = (name: string, message: string, remedy: string): Check => ({
  name,
  status: "warn",
  message,
  remedy,
});
export const fail = (name: string, message: string, remedy: string): Check => ({
  name,
  status: "fail",
  message,
  remedy,
});
