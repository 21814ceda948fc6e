import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';

export type SuspectedPair = Schemas['SuspectedPair'];
export type MisfiledFin = Schemas['MisfiledFin'];

/** As many as a person looks through; the others come as these are settled. */
const limit = 100;

/** Of one individual, or of all. */
export const suspectedPairsQuery = (individual?: number) =>
  queryOptions({
    queryKey: ['duplicates', 'pairs', individual],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/duplicates/pairs', { params: { query: { individual, limit } }, signal })),
  });

/** Likewise. */
export const misfiledFinsQuery = (individual?: number) =>
  queryOptions({
    queryKey: ['duplicates', 'misfiled', individual],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/duplicates/misfiled', { params: { query: { individual, limit } }, signal })),
  });
