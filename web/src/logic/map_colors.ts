import type { FinMap } from '@/api/results';

export type ColorBy = 'individual' | 'encounter' | 'tier' | 'review' | 'quality' | 'cluster';
export const colorsBy: ColorBy[] = [
  'individual',
  'encounter',
  'tier',
  'review',
  'quality',
  'cluster',
];

type Rgb = [number, number, number];

export interface LegendEntry {
  key: string;
  color: string;
  count: number;
}

const fixed: Record<string, Rgb> = {
  certain: [46, 158, 91],
  likely: [42, 143, 192],
  unsure: [217, 138, 31],
  nobody: [164, 87, 201],
  none: [134, 149, 160],
  confirmed: [46, 158, 91],
  provisional: [42, 143, 192],
  waiting: [217, 138, 31],
  discarded: [134, 149, 160],
};

const unknown: Rgb = [134, 149, 160];
const numShades = 5;

/** Hues far apart for numbers near each other (golden angle), in three lightnesses. */
function colorOfNumber(value: number): Rgb {
  const hue = (value * 137.508) % 360;
  const lightness = [0.52, 0.4, 0.64][Math.floor(value / 9) % 3] as number;
  return hslToRgb(hue, 0.62, lightness);
}

function hslToRgb(hue: number, saturation: number, lightness: number): Rgb {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4)];
}

/** From violet (poor) to yellow (good). */
function colorOfQuality(shade: number): Rgb {
  const stops: Rgb[] = [
    [128, 74, 188],
    [72, 108, 190],
    [33, 145, 140],
    [94, 190, 98],
    [232, 200, 40],
  ];
  return stops[shade] as Rgb;
}

/** What each fin is coloured by, as a number into `names`; the name '' = nothing known. */
export interface Keys {
  names: string[];
  index: Uint32Array;
  counts: number[];
}

export function keysOf(map: FinMap, by: ColorBy): Keys {
  const values: readonly (number | string | null)[] =
    by === 'quality' ? map.quality.map(shadeOf) : map[by];
  const nothing = by === 'cluster' ? -1 : null;
  const keys: Keys = { names: [], index: new Uint32Array(values.length), counts: [] };
  const known = new Map<number | string | null, number>();
  for (let i = 0; i < values.length; ++i) {
    const value = values[i]!;
    let at = known.get(value);
    if (at === undefined) {
      known.set(value, (at = keys.names.push(value === nothing ? '' : String(value)) - 1));
      keys.counts.push(0);
    }
    keys.index[i] = at;
    keys.counts[at]!++;
  }
  return keys;
}

const shadeOf = (quality: number) => Math.min(numShades - 1, Math.floor(quality * numShades));

export function colorOf(by: ColorBy, key: string): Rgb {
  if (key === '') return unknown;
  if (by === 'quality') return colorOfQuality(Number(key));
  return fixed[key] ?? colorOfNumber(Number(key));
}

/** Four bytes a fin. Those outside `chosen` are greyed; those within stand out. */
export function colorsOf(
  keys: Keys,
  by: ColorBy,
  focus: string | null,
  chosen: Set<number>,
): Uint8Array {
  const rgba = new Uint8Array(keys.index.length * 4);
  const colors = keys.names.map((name) => colorOf(by, name));
  const focused = focus === null ? -1 : keys.names.indexOf(focus);
  for (let i = 0; i < keys.index.length; ++i) {
    const key = keys.index[i]!;
    const isChosen = chosen.size > 0 && chosen.has(i);
    const isContext = (focused >= 0 && focused !== key) || (chosen.size > 0 && !isChosen);
    const [red, green, blue] = isContext ? unknown : colors[key]!;
    rgba[4 * i] = red;
    rgba[4 * i + 1] = green;
    rgba[4 * i + 2] = blue;
    rgba[4 * i + 3] = isContext ? 60 : isChosen ? 255 : 215;
  }
  return rgba;
}

/** What the colours mean, the most frequent first; tiers and qualities in their own order. */
export function legendOf(keys: Keys, by: ColorBy): LegendEntry[] {
  const order = by === 'quality' ? ['4', '3', '2', '1', '0'] : Object.keys(fixed);
  const isOrdered = by === 'quality' || by === 'tier' || by === 'review';
  return keys.names
    .map((key, at) => ({
      key,
      count: keys.counts[at]!,
      color: `rgb(${colorOf(by, key).join(' ')})`,
    }))
    .sort((a, b) => (isOrdered ? order.indexOf(a.key) - order.indexOf(b.key) : b.count - a.count));
}
