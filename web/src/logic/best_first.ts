interface Pictured {
  id: number;
  side: string;
  quality: number;
}

/**
 * A candidate's pictures: of the query's side before mirrored ones, there the one most alike, then
 * good ones first.
 */
export function bestFirst<Fin extends Pictured>(
  fins: Fin[],
  best: number | null | undefined,
  side: string,
): Fin[] {
  const rank = (fin: Fin) => (side && fin.side === side ? 2 : 0) + (fin.id === best ? 1 : 0);
  return [...fins].sort((a, b) => rank(b) - rank(a) || b.quality - a.quality);
}
