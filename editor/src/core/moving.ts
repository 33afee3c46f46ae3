/** Lists whose items are put elsewhere: where one goes, and beside which other. */

/** The items in their new order, after one is put to a place of the list as it will be. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined) return items;
  const left = items.filter((_, at) => at !== from);
  return [...left.slice(0, to), item, ...left.slice(to)];
}

/** Beside which other item one stands once it is put to a place: after the one before it, else before the one after it. */
export function beside(ids: readonly string[], from: number, to: number): { readonly side: "before" | "after"; readonly other: string } | undefined {
  const place = Math.max(0, Math.min(to, ids.length - 1));
  if (from === place || ids[from] === undefined) return undefined;
  const after = moved(ids, from, place);
  const [earlier, later] = [after[place - 1], after[place + 1]];
  if (earlier !== undefined) return { side: "after", other: earlier };
  return later === undefined ? undefined : { side: "before", other: later };
}
