import type { Point } from './outline';

/**
 * Moves a contour as if it were elastic: the point taken goes with the pointer, its neighbors along
 * the line follow, less and less, as far as `reach` (length along the line).
 */
export function pull(contour: Point[], index: number, to: Point, reach: number): Point[] {
  const from = contour[index];
  if (!from) return contour;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const next = [...contour];
  next[index] = to;
  for (const direction of [1, -1]) {
    let way = 0;
    let before = from;
    for (let step = 1; step < contour.length / 2; ++step) {
      const at = (index + direction * step + contour.length * 2) % contour.length;
      const point = contour[at] as Point;
      way += Math.hypot(point.x - before.x, point.y - before.y);
      if (way >= reach) break;
      before = point;
      const share = 0.5 * (1 + Math.cos((Math.PI * way) / reach));
      next[at] = { x: point.x + dx * share, y: point.y + dy * share };
    }
  }
  return next;
}

/** The point of a contour nearest to a place. */
export function nearestIndex(contour: Point[], place: Point): number {
  let best = -1;
  let least = Infinity;
  contour.forEach((point, index) => {
    const distance = Math.hypot(point.x - place.x, point.y - place.y);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** The contour without needless points: at most `most` of them, at equal steps. */
export function thin(contour: Point[], most: number): Point[] {
  if (contour.length <= most) return contour;
  return Array.from(
    { length: most },
    (_, i) => contour[Math.floor((i * contour.length) / most)] as Point,
  );
}
