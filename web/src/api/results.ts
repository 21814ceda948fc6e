import { queryOptions } from '@tanstack/vue-query';
import { markRaw } from 'vue';

import { api, ok, type Schemas } from './client';
import { ApiError } from './error';

export type FinMap = Schemas['Map'];

async function fetchMap(signal: AbortSignal): Promise<FinMap | null> {
  try {
    return markRaw(await ok(api.GET('/api/map', { signal })));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Null before the first map is made. */
export const mapQuery = queryOptions({
  queryKey: ['map'],
  queryFn: ({ signal }) => fetchMap(signal),
  structuralSharing: false, // millions of numbers would be compared one by one
});

export interface TableFilter {
  path: string;
  text?: string;
  sort?: string;
  descending?: boolean;
  offset?: number;
  limit?: number;
}

export const listTable = (query: TableFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/datasets/table', { params: { query }, signal }));

export const exportsQuery = queryOptions({
  queryKey: ['exports'],
  queryFn: ({ signal }) => ok(api.GET('/api/exports', { signal })),
  staleTime: Infinity,
});

export const exportUrl = (format: string) => `/api/exports/${format}`;
