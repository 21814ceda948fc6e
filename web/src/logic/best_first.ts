interface Pictured {
  id: number;
  side: string;
  quality: number;
}

/** A candidate's pictures: the one most alike, then those of the query's side, good ones first. */
export function bestFirst<Fin extends Pictured>(
  fins: Fin[],
  best: number | null | undefined,
  side: string,
): Fin[] {
  const rank = (fin: Fin) => (fin.id === best ? 2 : side && fin.side === side ? 1 : 0);
  return [...fins].sort((a, b) => rank(b) - rank(a) || b.quality - a.quality);
}
