import type { NewOutlineEdit, ToneCurve } from '@/api/fins';

import type { Point } from './outline';

export const outlineTools = [
  'pull',
  'draw',
  'stretch',
  'points',
  'add',
  'remove',
  'filter',
] as const;
export type OutlineTool = (typeof outlineTools)[number];

/** The six sliders and the switch of the manual filter. */
export interface Filter {
  mask: ToneCurve;
  picture: ToneCurve;
  invert: boolean;
}

/** As `ManualFilter` of finview/outline/outline_edit.h has them. */
export const firstFilter = (): Filter => ({
  mask: { gain: 0.95, bias: -60, gamma: 0.6 },
  picture: { gain: 0.95, bias: -60, gamma: 0.6 },
  invert: false,
});

export const filterLimits = {
  gain: { min: 0, max: 5, step: 0.05 },
  bias: { min: -100, max: 50, step: 1 },
  gamma: { min: 0, max: 2, step: 0.05 },
} as const;

export interface DrawnStroke {
  isFin: boolean;
  radius: number;
  points: Point[];
}

const pairs = (points: Point[]): [number, number][] =>
  points.map((point) => [round(point.x), round(point.y)]);
const round = (value: number) => Math.round(10 * value) / 10;

export const pointsEdit = (points: Point[]): NewOutlineEdit => ({
  tool: 'extreme points',
  points: pairs(points),
});
export const lineEdit = (tool: 'outline' | 'stretch', line: Point[]): NewOutlineEdit => ({
  tool,
  points: pairs(line),
});
export const strokesEdit = (strokes: DrawnStroke[]): NewOutlineEdit => ({
  tool: 'strokes',
  strokes: strokes.map(({ isFin, radius, points }) => ({
    fin: isFin,
    radius_px: Math.max(0.5, radius),
    points: pairs(points),
  })),
});
export const filterEdit = (filter: Filter): NewOutlineEdit => ({ tool: 'filter', ...filter });
