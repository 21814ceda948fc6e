import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import type { paths } from './schema';

export type Photo = Schemas['Photo'];
export type PhotoFilter = NonNullable<paths['/api/photos']['get']['parameters']['query']>;

export const listPhotos = (query: PhotoFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/photos', { params: { query }, signal }));

export const photoQuery = (id: number) =>
  queryOptions({
    queryKey: ['photos', id],
    queryFn: ({ signal }) => ok(api.GET('/api/photos/{id}', { params: { path: { id } }, signal })),
  });

export const pictureUrl = (id: number, width: number) => `/api/photos/${id}/picture?width=${width}`;
export const photoFileUrl = (id: number) => `/api/photos/${id}/file`;

export const changePhoto = (
  id: number,
  body: { encounter?: number | null; taken?: string; state?: 'waiting' },
) => ok(api.PATCH('/api/photos/{id}', { params: { path: { id } }, body }));

export const trashPhotos = (ids: number[], trashed: boolean) =>
  ok(api.POST('/api/photos/trash', { body: { ids, trashed } }));

export const purgePhotos = (ids: number[]) => ok(api.POST('/api/photos/purge', { body: { ids } }));

export const setPhotosEncounter = (ids: number[], encounter: number | null) =>
  ok(api.POST('/api/photos/encounter', { body: { ids, encounter } }));
