/**
 * Does `work` for each item, `atOnce` of them at a time; answers in the order of the items. Rejects with the first error, once all that was begun has ended; nothing
 * more is begun then.
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const errors: unknown[] = [];
  const waiting = [...items.entries()];
  async function lane(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && errors.length === 0; next = waiting.shift()) {
      const [index, item] = next;
      try {
        results.set(index, await work(item));
      } catch (error) {
        errors.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (errors.length > 0) throw errors[0];
  return items.flatMap((_, index) => (results.has(index) ? [results.get(index) as Result] : []));
}
