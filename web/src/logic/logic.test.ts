import { describe, expect, it } from 'vitest';

import { niceSteps } from './axis';
import { chooseCertain, groupByCandidate } from './auto_confirm';
import { bestFirst } from './best_first';
import { cropRegion } from './crop_region';
import { bytes, duration, fileName, freePath, percent, position } from './formats';
import { cellsInBox, moveIn, visibleCells } from './grid';
import { keyLabel } from './key_label';
import { mergeQueue } from './queue';

const rows = (...ids: number[]) => ids.map((id) => ({ id }));

describe('mergeQueue', () => {
  it('keeps the order a person knows and appends what is new', () => {
    expect(mergeQueue(rows(3, 1, 2), rows(1, 2, 3, 4), new Set(), undefined)).toEqual(
      rows(3, 1, 2, 4),
    );
  });
  it('leaves out what was decided and what is gone, but for the one looked at', () => {
    expect(mergeQueue(rows(1, 2, 3), rows(1), new Set([1]), 3)).toEqual(rows(3));
  });
});

describe('freePath', () => {
  it.each([
    [[], 'trip/a.zip'],
    [['trip/a.zip'], 'trip/a 2.zip'],
    [['trip/a.zip', 'trip/a 2.zip'], 'trip/a 3.zip'],
  ])('of %j', (taken, path) => expect(freePath('trip/a', '.zip', taken)).toBe(path));
});

describe('percent', () => {
  it.each([
    [1, '100 %'],
    [0.999, '> 99 %'],
    [0.97, '97 %'],
    [0.004, '< 1 %'],
    [0, '0 %'],
  ])('%d is %s', (share, text) => expect(percent(share)).toBe(text));
});

it('says sizes, times, names and places', () => {
  expect([bytes(999), bytes(1500), bytes(3_400_000)]).toEqual(['999 B', '1.5 kB', '3.4 MB']);
  expect([duration(45), duration(600), duration(7500)]).toEqual(['45 s', '10 min', '2 h 5 min']);
  expect(fileName('día 1/IMG_1.jpg')).toBe('IMG_1.jpg');
  expect(position({ latitude_deg: -36.6, longitude_deg: 175.1 })).toBe('36.6000° S, 175.1000° E');
  expect([keyLabel('shift+Enter'), keyLabel('n'), keyLabel('+'), keyLabel('ArrowLeft')]).toEqual([
    'Shift Enter',
    'N',
    '+',
    '←',
  ]);
});

it('takes round values for an axis', () => {
  expect(niceSteps(37, 4)).toEqual([0, 10, 20, 30, 40]);
  expect(niceSteps(2, 4)).toEqual([0, 1, 2]);
});

describe('a grid', () => {
  it('shows the rows in the window and some more on either side', () => {
    expect(visibleCells(1000, 500, 100, 4, 100_000)).toEqual({ first: 28, end: 72 });
    expect(visibleCells(0, 500, 100, 4, 6)).toEqual({ first: 0, end: 6 });
  });
  it('is never empty when scrolled past a list that became short', () => {
    const seen = visibleCells(90_000, 500, 100, 4, 10);
    expect(seen.end).toBeGreaterThan(seen.first);
  });
  it('knows the cells that a box touches, drawn from any corner', () => {
    const shape = { numColumns: 3, width: 100, height: 50, gap: 10, total: 8 };
    expect(cellsInBox(shape, [90, 40], [115, 65])).toEqual([0, 1, 3, 4]);
    expect(cellsInBox(shape, [105, 45], [101, 41])).toEqual([]); // in the gap
    expect(cellsInBox(shape, [999, 999], [230, 70])).toEqual([5]);
  });
  it('moves by keys and stays inside', () => {
    expect(moveIn('ArrowDown', 1, 10, 4, 8)).toBe(5);
    expect(moveIn('ArrowUp', 1, 10, 4, 8)).toBe(0);
    expect(moveIn('End', 1, 10, 4, 8)).toBe(9);
    expect(moveIn('a', 1, 10, 4, 8)).toBeNull();
  });
});

it('shows the part of a photo that its crop shows', () => {
  const box = { left_px: 100, top_px: 50, right_px: 200, bottom_px: 110 };
  expect(cropRegion(box, { width_px: 210, height_px: 500 })).toEqual({
    left: 85,
    top: 35,
    width: 125,
    height: 90,
  });
});

it('confirms in one go only what is probable enough, one individual at a time', () => {
  const fin = (id: number, probability: number, first_candidate: number | null) => ({
    id,
    probability,
    first_candidate,
  });
  const fins = [fin(1, 0.999, 7), fin(2, 0.99, 7), fin(3, 0.98, 8), fin(4, 1, null)];
  const chosen = chooseCertain(fins, 0.99);
  expect(chosen.fins.map((one) => one.id)).toEqual([1, 2]);
  expect(chosen.expectedWrong).toBeCloseTo(0.011);
  expect([...groupByCandidate(fins).entries()].map(([id, group]) => [id, group.length])).toEqual([
    [7, 2],
    [8, 1],
  ]);
});

it('shows pictures of the same side first, there the most alike, then the better ones', () => {
  const fin = (id: number, side: string, quality: number) => ({ id, side, quality });
  const fins = [
    fin(1, 'right', 0.9),
    fin(2, 'left', 0.3),
    fin(3, 'left', 0.6),
    fin(4, 'right', 0.2),
  ];
  expect(bestFirst(fins, 4, 'left').map((one) => one.id)).toEqual([3, 2, 4, 1]);
  expect(bestFirst(fins, 2, 'left').map((one) => one.id)).toEqual([2, 3, 1, 4]);
});
