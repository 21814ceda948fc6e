import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import { ApiError } from './error';
import type { paths } from './schema';

export type Fin = Schemas['Fin'];
export type Tier = Schemas['Tier'];
export type Review = Schemas['Review'];
export type Candidate = Schemas['Candidate'];
export type Candidates = Schemas['Candidates'];
export type Outline = Schemas['Outline'];
export type FinFilter = NonNullable<paths['/api/fins']['get']['parameters']['query']>;
export type NewBox = Schemas['NewBox'];
export type Side = Fin['side'];

export const listFins = (query: FinFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/fins', { params: { query }, signal }));

export const finsQuery = (query: FinFilter) =>
  queryOptions({
    queryKey: ['fins', query],
    queryFn: ({ signal }) => listFins(query, signal),
  });

/** What an individual is compared by: fins that a person said are theirs, good ones first. */
export const picturesQuery = (individual: number) =>
  finsQuery({
    individual,
    review: ['confirmed', 'provisional'],
    sort: 'quality',
    descending: true,
    limit: 60,
  });

export const finQuery = (id: number) =>
  queryOptions({
    queryKey: ['fins', id],
    queryFn: ({ signal }) => ok(api.GET('/api/fins/{id}', { params: { path: { id } }, signal })),
  });

export const candidatesQuery = (id: number) =>
  queryOptions({
    queryKey: ['fins', id, 'candidates'],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/fins/{id}/candidates', { params: { path: { id } }, signal })),
  });

async function fetchOutline(id: number, signal: AbortSignal): Promise<Outline | null> {
  try {
    return await ok(api.GET('/api/fins/{id}/outline', { params: { path: { id } }, signal }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Null for a fin without an outline. */
export const outlineQuery = (id: number) =>
  queryOptions({
    queryKey: ['fins', id, 'outline'],
    queryFn: ({ signal }) => fetchOutline(id, signal),
  });

export type NewOutlineEdit = Schemas['NewOutlineEdit'];
export type ToneCurve = Schemas['ToneCurve'];

/** `seen`: how many edits counted when the person looked. */
export const editOutline = (id: number, body: NewOutlineEdit, seen: number) =>
  ok(api.POST('/api/fins/{id}/outline/edits', { params: { path: { id }, query: { seen } }, body }));

/** What the outline would be; nothing is kept. */
export const previewOutline = (id: number, body: NewOutlineEdit, signal: AbortSignal) =>
  ok(
    api.POST('/api/fins/{id}/outline/edits', {
      params: { path: { id }, query: { preview: true } },
      body,
      signal,
    }),
  );

export const undoOutline = (id: number, seen: number) =>
  ok(api.POST('/api/fins/{id}/outline/undo', { params: { path: { id }, query: { seen } } }));
export const redoOutline = (id: number, seen: number) =>
  ok(api.POST('/api/fins/{id}/outline/redo', { params: { path: { id }, query: { seen } } }));

export type CropKind = 'photo' | 'enhanced' | 'masked';

export const cropUrl = (id: number, width: number, kind: CropKind = 'photo') =>
  `/api/fins/${id}/crop?width=${width}${kind === 'photo' ? '' : `&kind=${kind}`}`;

/** The fin alone, as this outline cuts it out: another outline is another picture. */
export const maskedUrl = (id: number, width: number, { contour }: Outline) => {
  const version = contour.flat().reduce((sum, px) => (31 * sum + Math.round(10 * px)) | 0, 0);
  return `${cropUrl(id, width, 'masked')}&version=${version}`;
};

export const whyUrl = (id: number, other: number) => `/api/fins/${id}/why/${other}`;

export const addFin = (photo: number, box: NewBox, side: Side = '') =>
  ok(api.POST('/api/photos/{id}/fins', { params: { path: { id: photo } }, body: { box, side } }));

export const changeFin = (id: number, body: { box?: NewBox; side?: Side }) =>
  ok(api.PATCH('/api/fins/{id}', { params: { path: { id } }, body }));

export const removeFin = (id: number) =>
  ok(api.DELETE('/api/fins/{id}', { params: { path: { id } } }));
