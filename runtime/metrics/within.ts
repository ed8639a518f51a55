/**
 * What was asked for, or the substitute when it fails or takes longer than `patienceMs`: commands to a lost Redis
 * would wait for it for ever.
 */
export async function within<Answer, Substitute>(
  patienceMs: number,
  asked: Promise<Answer>,
  substitute: Substitute,
): Promise<Answer | Substitute> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Substitute>((resolve) => {
    timer = setTimeout(resolve, patienceMs, substitute);
  });
  try {
    return await Promise.race([asked.catch(() => substitute), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
