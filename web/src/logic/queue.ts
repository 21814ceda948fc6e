interface HasId {
  id: number;
}

/**
 * The queue after the server was asked again: what is still there stays in its order, new ones come
 * last, those just decided are left out. The one a person looks at stays, whatever the server says.
 */
export function mergeQueue<Row extends HasId>(
  old: Row[],
  fresh: Row[],
  decided: Set<number>,
  current: number | undefined,
): Row[] {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const kept = old
    .filter((row) => byId.has(row.id) || row.id === current)
    .map((row) => byId.get(row.id) ?? row);
  const known = new Set(kept.map((row) => row.id));
  return [...kept, ...fresh.filter((row) => !known.has(row.id))].filter(
    (row) => !decided.has(row.id),
  );
}
