import { describe, expect, it } from 'vitest';

import type { Encounter } from '@/api/encounters';
import type { Fin } from '@/api/fins';

import { dragBox, drawnBox } from './boxes';
import { nearestIndex, pull, thin } from './contour_edit';
import { toCsv } from './csv';
import { photoFilter } from './photo_filter';
import { placeFrame } from './places';
import { sightingsOf } from './sightings';

const photo = { width_px: 1000, height_px: 500 };
const box = { left_px: 100, top_px: 100, right_px: 200, bottom_px: 180 };

describe('boxes', () => {
  it('stop at the edge of the photo without changing their size', () => {
    expect(dragBox(box, 'move', -500, 900, photo)).toEqual({
      left_px: 0,
      top_px: 420,
      right_px: 100,
      bottom_px: 500,
    });
  });
  it('are resized by one side or corner, never below what the server takes', () => {
    expect(dragBox(box, 'se', 10, 20, photo)).toMatchObject({
      right_px: 210,
      bottom_px: 200,
      left_px: 100,
    });
    expect(dragBox(box, 'w', 500, 0, photo).left_px).toBe(192);
  });
  it('are drawn in any direction; a mere click draws none', () => {
    expect(drawnBox({ x: 300, y: 200 }, { x: 250, y: -20 }, photo)).toEqual({
      left_px: 250,
      top_px: 0,
      right_px: 300,
      bottom_px: 200,
    });
    expect(drawnBox({ x: 3, y: 3 }, { x: 6, y: 6 }, photo)).toBeNull();
  });
});

describe('a contour', () => {
  const circle = Array.from({ length: 100 }, (_, i) => ({
    x: 100 * Math.cos((2 * Math.PI * i) / 100),
    y: 100 * Math.sin((2 * Math.PI * i) / 100),
  }));
  it('follows the pointer near the point taken and stays elsewhere', () => {
    const index = nearestIndex(circle, { x: 110, y: 3 });
    expect(index).toBe(0);
    const pulled = pull(circle, index, { x: 120, y: 0 }, 30);
    expect(pulled[0]).toEqual({ x: 120, y: 0 });
    expect(pulled[2]!.x).toBeGreaterThan(circle[2]!.x + 5);
    expect(pulled[98]!.x - circle[98]!.x).toBeCloseTo(pulled[2]!.x - circle[2]!.x);
    expect(pulled.slice(10, 90)).toEqual(circle.slice(10, 90));
  });
  it('is thinned evenly', () => {
    expect(thin(circle, 10).length).toBe(10);
    expect(thin(circle, 500)).toBe(circle);
  });
});

it('writes CSV that a spreadsheet takes for what it is', () => {
  expect(toCsv([['a,b', 'say "x"', '=1+1', '-0.5', '-x']])).toBe(
    '"a,b","say ""x""",\'=1+1,-0.5,\'-x\r\n',
  );
});

it('reads a photo list from an address and leaves nonsense out', () => {
  expect(
    photoFilter({ state: 'failed', sort: 'fins', encounter: '7', text: 'é', trashed: '1' }),
  ).toEqual({
    state: ['failed'],
    sort: 'fins',
    descending: true,
    encounter: 7,
    text: 'é',
    trashed: true,
  });
  expect(photoFilter({ state: 'odd', sort: 'odd', encounter: 'x' })).toEqual({
    sort: 'id',
    descending: false,
  });
});

describe('placeFrame', () => {
  it('keeps a kilometre the same in both directions, and north up', () => {
    const places = [
      { latitude_deg: 60, longitude_deg: 10 },
      { latitude_deg: 61, longitude_deg: 12 },
    ];
    const frame = placeFrame(places, 400, 300);
    const [a, b] = places as [(typeof places)[0], (typeof places)[0]];
    const perLat = frame.y(a) - frame.y(b);
    const perLon = (frame.x(b) - frame.x(a)) / 2;
    expect(perLat).toBeGreaterThan(0);
    // A degree of longitude at 60.5 degrees north is cos(60.5) of one of latitude.
    expect(perLon / perLat).toBeCloseTo(Math.cos((60.5 * Math.PI) / 180), 6);
  });
  it('keeps places on both sides of the date line together', () => {
    const frame = placeFrame(
      [
        { latitude_deg: -17, longitude_deg: 179.9 },
        { latitude_deg: -17, longitude_deg: -179.9 },
      ],
      400,
      300,
    );
    expect(frame.x({ latitude_deg: -17, longitude_deg: -179.9 })).toBeLessThan(400);
    expect(frame.meridians.every((line) => !line.text.startsWith('181'))).toBe(true);
  });
});

it("puts an individual's fins together by encounter, newest first", () => {
  const encounters = [{ id: 1, code: 'A', place: 'Bay', began: '2012-03-07' }] as Encounter[];
  const fins = [
    { id: 1, encounter: 1, taken: '2012-03-07T10:00' },
    { id: 2, encounter: null, taken: '2013-01-01T10:00' },
    { id: 3, encounter: 1, taken: '2012-03-07T10:01' },
  ] as Fin[];
  const found = sightingsOf(fins, encounters);
  expect(found.map((one) => [one.title, one.fins.map((f) => f.id)])).toEqual([
    ['', [2]],
    ['A · Bay', [1, 3]],
  ]);
});
