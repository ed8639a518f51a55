/**
 * Does something for every item, `limit` at a time. After the first that fails nothing more is begun.
 *
 * @returns the answers in the order of the items
 * @throws what the first failure threw
 */
export async function mapLimited<Item, Answer>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let failed = false;
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) {
      if (failed) return;
      try {
        answers[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return answers;
}
