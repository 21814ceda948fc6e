interface Answered {
  probability: number;
  first_candidate: number | null;
}

/** The fins whose first candidate is at least so probable, and how many of them will be wrong. */
export function chooseCertain<Fin extends Answered>(fins: Fin[], least: number) {
  const chosen = fins.filter((fin) => fin.first_candidate !== null && fin.probability >= least);
  return { fins: chosen, expectedWrong: chosen.reduce((sum, fin) => sum + 1 - fin.probability, 0) };
}

export function groupByCandidate<Fin extends Answered>(fins: Fin[]): Map<number, Fin[]> {
  const groups = new Map<number, Fin[]>();
  for (const fin of fins) {
    if (fin.first_candidate === null) continue;
    const group = groups.get(fin.first_candidate);
    if (group) group.push(fin);
    else groups.set(fin.first_candidate, [fin]);
  }
  return groups;
}
