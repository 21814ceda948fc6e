/** About `count` round values from 0 to at least `most`. */
export function niceSteps(most: number, count: number): number[] {
  const rough = Math.max(most / count, 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const whole = Number.isInteger(most) ? Math.max(1, Math.round(step)) : step;
  return Array.from({ length: Math.ceil(most / whole) + 1 }, (_, index) => index * whole);
}
