import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import type { paths } from './schema';

export type Individual = Schemas['Individual'];
export type IndividualChange = Schemas['IndividualChange'];
export type IndividualFilter = NonNullable<paths['/api/individuals']['get']['parameters']['query']>;

export const listIndividuals = (query: IndividualFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/individuals', { params: { query }, signal }));

export const individualQuery = (id: number) =>
  queryOptions({
    queryKey: ['individuals', id],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/individuals/{id}', { params: { path: { id } }, signal })),
  });

export const changeIndividual = (id: number, body: IndividualChange) =>
  ok(api.PATCH('/api/individuals/{id}', { params: { path: { id } }, body }));

export const suggestCode = async () => (await ok(api.GET('/api/individuals/suggest-code'))).code;
