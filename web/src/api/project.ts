import { queryOptions, useQuery } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import { queryClient } from './query';

export type Project = Schemas['Project'];
export type OptionField = Schemas['OptionField'];
export type OptionValue = boolean | number | string;

export const projectQuery = queryOptions({
  queryKey: ['project'],
  queryFn: ({ signal }) => ok(api.GET('/api/project', { signal })),
});

export const useProject = () => useQuery(projectQuery);

export const optionsQuery = queryOptions({
  queryKey: ['options'],
  queryFn: ({ signal }) => ok(api.GET('/api/options', { signal })),
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => ok(api.GET('/api/models', { signal })),
});

export async function setOptions(values: Record<string, OptionValue>): Promise<void> {
  queryClient.setQueryData(
    optionsQuery.queryKey,
    await ok(api.PUT('/api/options', { body: { values } })),
  );
}

export async function renameProject(name: string): Promise<void> {
  queryClient.setQueryData(
    projectQuery.queryKey,
    await ok(api.PATCH('/api/project', { body: { name } })),
  );
}
