import { describe, expect, it } from 'vitest';

import { align, apply, matrixOf, type Point, resample } from './outline';
import { PointGrid } from './point_grid';

describe('align', () => {
  const line: Point[] = [
    { x: 0, y: 0 },
    { x: 10, y: 30 },
    { x: 5, y: 50 },
    { x: 20, y: 80 },
  ];
  const turned = (p: Point): Point => ({
    x: 2 * (0.6 * p.x - 0.8 * p.y) + 7,
    y: 2 * (0.8 * p.x + 0.6 * p.y) - 3,
  });

  it('finds the turn, scale and shift between two pictures of one edge', () => {
    const found = align(line, line.map(turned), false);
    line.forEach((p) => {
      expect(apply(found!, p).x).toBeCloseTo(turned(p).x, 6);
      expect(apply(found!, p).y).toBeCloseTo(turned(p).y, 6);
    });
  });

  it('mirrors the other side', () => {
    const mirrored = line.map((p) => ({ x: -p.x + 100, y: p.y }));
    const found = align(line, mirrored, true);
    expect(apply(found!, line[3] as Point).x).toBeCloseTo(80, 6);
    // The matrix for the browser does the same to (20, 80).
    const [a, b, c, d, e, f] = matrixOf(found!).slice(7, -1).split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(a * 20 + c * 80 + e).toBeCloseTo(80, 6);
    expect(b * 20 + d * 80 + f).toBeCloseTo(80, 6);
  });

  it('has no answer for an empty line', () => expect(align([], line, false)).toBeNull());
});

it('resamples a line at equal steps, ends included', () => {
  const line = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 4, y: 0 },
  ];
  expect(resample(line, 5).map((p) => p.x)).toEqual([0, 1, 2, 3, 4]);
});

describe('PointGrid', () => {
  // Halton points: spread evenly, the same in every run.
  const halton = (index: number, base: number) => {
    let [value, part] = [0, 1];
    for (let i = index; i > 0; i = Math.floor(i / base)) value += (i % base) * (part /= base);
    return value;
  };
  const n = 5000;
  const xy = new Float32Array(2 * n);
  for (let i = 0; i < n; ++i) xy.set([halton(i + 1, 2) * 10, halton(i + 1, 3) * 4], 2 * i);
  const grid = new PointGrid(xy);

  it('finds the same nearest point as a search over all', () => {
    for (const [x, y] of [
      [1.3, 2.2],
      [9.9, 0.1],
      [5, 3.9],
    ] as const) {
      let best = -1;
      let least = Infinity;
      for (let i = 0; i < n; ++i) {
        const d = Math.hypot(xy[2 * i]! - x, xy[2 * i + 1]! - y);
        if (d < least) [best, least] = [i, d];
      }
      expect(grid.nearest(x, y, 0.5)).toBe(best);
    }
    expect(grid.nearest(-3, -3, 0.5)).toBe(-1);
  });

  it('takes what lies within a lasso, concave ones too', () => {
    const line: [number, number][] = [
      [0, 0],
      [6, 0],
      [6, 4],
      [3, 1],
      [0, 4],
    ];
    const inside = new Set(grid.inLasso(line));
    // The notch of the "V" from (3, 1) upwards is outside.
    const isIn = (x: number, y: number) => x <= 6 && y < 1 + Math.abs(x - 3);
    let wrong = 0;
    for (let i = 0; i < n; ++i) if (inside.has(i) !== isIn(xy[2 * i]!, xy[2 * i + 1]!)) ++wrong;
    expect(wrong).toBe(0);
    expect(inside.size).toBeGreaterThan(1000);
  });

  it('works with no and with one point', () => {
    expect(new PointGrid(new Float32Array()).nearest(0, 0, 1)).toBe(-1);
    expect(new PointGrid(new Float32Array([1, 1])).nearest(1, 1.5, 1)).toBe(0);
  });
});
