export interface Point {
  x: number;
  y: number;
}

/** Takes a point of one picture to another: turned, scaled and shifted, mirrored if need be. */
export interface Similarity {
  a: number;
  b: number;
  x: number;
  y: number;
  mirrored: boolean;
}

export function apply(s: Similarity, point: Point): Point {
  const x = s.mirrored ? -point.x : point.x;
  return { x: s.a * x - s.b * point.y + s.x, y: s.b * x + s.a * point.y + s.y };
}

/** The same as an SVG or CSS matrix. */
export function matrixOf(s: Similarity): string {
  const sign = s.mirrored ? -1 : 1;
  return `matrix(${sign * s.a} ${sign * s.b} ${-s.b} ${s.a} ${s.x} ${s.y})`;
}

/** `count` points at equal steps along an open line. */
export function resample(line: Point[], count: number): Point[] {
  const first = line[0];
  if (!first || line.length < 2) return [];
  const ends = [0];
  for (let i = 1; i < line.length; ++i) {
    const [p, q] = [line[i - 1] as Point, line[i] as Point];
    ends.push((ends[i - 1] as number) + Math.hypot(q.x - p.x, q.y - p.y));
  }
  const length = ends.at(-1) as number;
  const points: Point[] = [];
  let at = 1;
  for (let k = 0; k < count; ++k) {
    const goal = (length * k) / (count - 1);
    while (at < line.length - 1 && (ends[at] as number) < goal) ++at;
    const [p, q] = [line[at - 1] as Point, line[at] as Point];
    const step = (ends[at] as number) - (ends[at - 1] as number) || 1;
    const part = Math.min(1, Math.max(0, (goal - (ends[at - 1] as number)) / step));
    points.push({ x: p.x + (q.x - p.x) * part, y: p.y + (q.y - p.y) * part });
  }
  return points;
}

function mean(points: Point[]): Point {
  const sum = points.reduce((s, p) => ({ x: s.x + p.x, y: s.y + p.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/**
 * The similarity that takes `from` nearest to `to` (least squares over points at equal steps along
 * both lines; Umeyama 1991). `mirrored` when the two show opposite sides. Null for empty lines.
 */
export function align(
  from: Point[],
  to: Point[],
  mirrored: boolean,
  count = 64,
): Similarity | null {
  const turned = mirrored ? from.map((p) => ({ x: -p.x, y: p.y })) : from;
  const [p, q] = [resample(turned, count), resample(to, count)];
  if (p.length === 0 || q.length === 0) return null;
  const [pm, qm] = [mean(p), mean(q)];
  let [dot, cross, size] = [0, 0, 0];
  p.forEach((one, i) => {
    const other = q[i] as Point;
    const [px, py, qx, qy] = [one.x - pm.x, one.y - pm.y, other.x - qm.x, other.y - qm.y];
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
    size += px * px + py * py;
  });
  if (size === 0) return null;
  const [a, b] = [dot / size, cross / size];
  return { a, b, x: qm.x - (a * pm.x - b * pm.y), y: qm.y - (b * pm.x + a * pm.y), mirrored };
}

/** The path of a line for SVG; empty for no points. */
export function pathOf(points: Point[], isClosed = false): string {
  const path = points.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('');
  return path && isClosed ? `${path}Z` : path;
}
