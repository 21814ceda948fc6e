import { queryOptions } from '@tanstack/vue-query';

import { api, ok, type Schemas } from './client';
import type { paths } from './schema';

export type Task = Schemas['Task'];
export type TaskState = Schemas['TaskState'];
export type TaskKind = Schemas['TaskKind'];
export type NewTask = Schemas['NewTask'];
export type TaskFilter = NonNullable<paths['/api/tasks']['get']['parameters']['query']>;

export const isOver = (task: Task) => ['done', 'failed', 'cancelled'].includes(task.state);

export const tasksQuery = (query: TaskFilter) =>
  queryOptions({
    queryKey: ['tasks', 'list', query],
    queryFn: ({ signal }) => ok(api.GET('/api/tasks', { params: { query }, signal })),
  });

export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: ['tasks', id],
    queryFn: ({ signal }) => ok(api.GET('/api/tasks/{id}', { params: { path: { id } }, signal })),
  });

export const failuresQuery = (id: number) =>
  queryOptions({
    queryKey: ['tasks', id, 'failures'],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tasks/{id}/failures', {
          params: { path: { id }, query: { limit: 1000 } },
          signal,
        }),
      ),
  });

/** What happened to a task, newest first; a new state is a reason to ask again. */
export const logQuery = (id: number, state: TaskState, limit: number) =>
  queryOptions({
    queryKey: ['tasks', id, 'log', state, limit],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/tasks/{id}/log', { params: { path: { id }, query: { limit } }, signal })),
    staleTime: 0,
  });

export const taskKindsQuery = queryOptions({
  queryKey: ['task-kinds'],
  queryFn: ({ signal }) => ok(api.GET('/api/tasks/kinds', { signal })),
  staleTime: Infinity,
});

export const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: ({ signal }) => ok(api.GET('/api/workers', { signal })),
  refetchInterval: 3000,
});

export const addTask = (body: NewTask) => ok(api.POST('/api/tasks', { body }));

export type TaskAction = 'cancel' | 'pause' | 'resume' | 'retry';

export const actOnTask = (id: number, action: TaskAction) =>
  ok(api.POST(`/api/tasks/{id}/${action}`, { params: { path: { id } } }));

export const removeTask = (id: number) =>
  ok(api.DELETE('/api/tasks/{id}', { params: { path: { id } } }));
