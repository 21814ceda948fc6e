import { api, ok, type Schemas } from './client';
import type { paths } from './schema';

export type Decision = Schemas['Decision'];
export type NewDecision = Schemas['NewDecision'];
export type DecisionFilter = NonNullable<paths['/api/decisions']['get']['parameters']['query']>;

export const decide = (body: NewDecision) => ok(api.POST('/api/decisions', { body }));

export const undo = (id: number, why = '') =>
  ok(api.POST('/api/decisions/{id}/undo', { params: { path: { id } }, body: { why } }));

export const listDecisions = (query: DecisionFilter, signal?: AbortSignal) =>
  ok(api.GET('/api/decisions', { params: { query }, signal }));
