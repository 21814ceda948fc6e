import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import type { paths } from './schema';

export type Encounter = Schemas['Encounter'];
export type EncounterChange = Schemas['EncounterChange'];
export type EncounterFilter = NonNullable<paths['/api/encounters']['get']['parameters']['query']>;

export const listEncounters = (query: EncounterFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/encounters', { params: { query }, signal }));

/** The newest thousand, for choices and places. */
export const encountersQuery = queryOptions({
  queryKey: ['encounters', 'all'],
  queryFn: ({ signal }) => listEncounters({ limit: 1000, sort: 'began', descending: true }, signal),
});

export const changeEncounter = (id: number, body: EncounterChange) =>
  ok(api.PATCH('/api/encounters/{id}', { params: { path: { id } }, body }));

export const addEncounter = (body: Schemas['NewEncounter']) =>
  ok(api.POST('/api/encounters', { body }));

export const surveysQuery = queryOptions({
  queryKey: ['encounters', 'surveys'],
  queryFn: ({ signal }) => ok(api.GET('/api/surveys', { signal })),
});
