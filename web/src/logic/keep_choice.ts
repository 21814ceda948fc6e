interface Named {
  individual: number;
}

/**
 * Where the candidate that was looked at stands now; the number of candidates = nobody known.
 * -1: it is no longer among them.
 */
export function keepChoice(before: Named[], now: Named[], selected: number): number {
  const was = before[selected];
  if (!was) return now.length;
  return now.findIndex((one) => one.individual === was.individual);
}
