export interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}
export function countTests(
  report: Report | undefined,
  exitCode: number,
): { passed: number; failed: number; skipped: number; ok: boolean; line: string };
