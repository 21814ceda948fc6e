import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';

export type Area = Schemas['Area'];
export type Entry = Schemas['Entry'];
export type TrashEntry = Schemas['TrashEntry'];
export type FileSort = 'name' | 'size' | 'modified';

export const areas: Area[] = ['images', 'datasets', 'outputs'];

export interface FolderFilter {
  path: string;
  text?: string;
  sort?: FileSort;
  descending?: boolean;
  offset?: number;
  limit?: number;
}

export const listFiles = (area: Area, query: FolderFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/files/{area}', { params: { path: { area }, query }, signal }));

export const trashQuery = (area: Area) =>
  queryOptions({
    queryKey: ['files', area, 'trash'],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/files/{area}/trash', {
          params: { path: { area }, query: { limit: 1000 } },
          signal,
        }),
      ),
  });

const encoded = (path: string) => encodeURIComponent(path);

export const contentUrl = (area: Area, path: string) =>
  `/api/files/${area}/content?path=${encoded(path)}`;
export const thumbnailUrl = (area: Area, path: string, width: number) =>
  `/api/files/${area}/thumbnail?path=${encoded(path)}&width=${width}`;

export interface Target {
  path: string;
  to: string;
  to_area?: Area;
}

const at = (area: Area) => ({ path: { area } });

export const moveFile = (area: Area, body: Target) =>
  ok(api.POST('/api/files/{area}/move', { params: at(area), body }));
export const copyFile = (area: Area, body: Target) =>
  ok(api.POST('/api/files/{area}/copy', { params: at(area), body }));
export const extractFile = (area: Area, body: Target) =>
  ok(api.POST('/api/files/{area}/extract', { params: at(area), body }));
export const archiveFiles = (area: Area, paths: string[], to: string, to_area: Area) =>
  ok(
    api.POST('/api/files/{area}/archive', {
      params: at(area),
      body: { paths, to, to_area, format: to.endsWith('.tar.gz') ? 'tar.gz' : 'zip' },
    }),
  );
export const sortFiles = (area: Area, path: string, by: string, to: string, to_area: Area) =>
  ok(api.POST('/api/files/{area}/sort', { params: at(area), body: { path, by, to, to_area } }));
export const makeFolder = (area: Area, path: string) =>
  ok(api.POST('/api/files/{area}/folder', { params: at(area), body: { path } }));
export const trashFiles = (area: Area, paths: string[]) =>
  ok(api.POST('/api/files/{area}/trash', { params: at(area), body: { paths } }));
export const restoreFiles = (area: Area, ids: string[]) =>
  ok(api.POST('/api/files/{area}/restore', { params: at(area), body: { ids } }));
export const purgeFiles = (area: Area, ids: string[]) =>
  ok(api.POST('/api/files/{area}/purge', { params: at(area), body: { ids } }));
