import { describe, expect, it } from 'vitest';

import type { FinMap } from '@/api/results';

import { colorsOf, keysOf, legendOf } from './map_colors';

describe('the map', () => {
  const map = {
    fin: [1, 2, 3, 4],
    individual: [7, 7, null, 8],
    tier: ['none', 'none', 'certain', 'none'],
    quality: [0, 0.5, 0.99, 1],
  } as unknown as FinMap;
  it('counts what its colours mean', () => {
    expect(
      legendOf(keysOf(map, 'individual'), 'individual').map((one) => [one.key, one.count]),
    ).toEqual([
      ['7', 2],
      ['', 1],
      ['8', 1],
    ]);
    expect(legendOf(keysOf(map, 'quality'), 'quality').map((one) => one.key)).toEqual([
      '4',
      '2',
      '0',
    ]);
    expect(legendOf(keysOf(map, 'tier'), 'tier')[0]).toMatchObject({
      key: 'certain',
      color: 'rgb(46 158 91)',
    });
  });
  it('greys what is outside the selection or the entry looked at', () => {
    const opacity = (rgba: Uint8Array) => [3, 7, 11, 15].map((at) => rgba[at]);
    expect(opacity(colorsOf(keysOf(map, 'individual'), 'individual', null, new Set()))).toEqual([
      215, 215, 215, 215,
    ]);
    expect(opacity(colorsOf(keysOf(map, 'individual'), 'individual', null, new Set([1])))).toEqual([
      60, 255, 60, 60,
    ]);
    expect(opacity(colorsOf(keysOf(map, 'individual'), 'individual', '7', new Set()))).toEqual([
      215, 215, 60, 60,
    ]);
  });
});
