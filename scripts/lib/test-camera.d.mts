export function testCameraPrograms(): {
  readonly python: string;
  readonly openssl: string;
  readonly env: Readonly<Record<string, string>>;
};
export function whyNoTestCamera(): Promise<string | undefined>;
export function ensureTestCamera(): Promise<void>;
