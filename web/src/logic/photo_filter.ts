import type { PhotoFilter } from '@/api/photos';

type Query = Record<string, unknown>;

const oneOf = <Name extends string>(value: unknown, names: readonly Name[]): Name | undefined =>
  names.find((name) => name === value);

/** What the address of a photo list asks for; anything unknown in it is left out. */
export function photoFilter(query: Query): PhotoFilter {
  const state = oneOf(query.state, ['waiting', 'searched', 'failed'] as const);
  const sort = oneOf(query.sort, ['id', 'name', 'taken', 'added', 'fins'] as const) ?? 'id';
  const encounter = Number(query.encounter);
  return {
    ...(typeof query.text === 'string' && query.text ? { text: query.text } : {}),
    ...(state ? { state: [state] } : {}),
    ...(encounter > 0 ? { encounter } : {}),
    ...(query.trashed ? { trashed: true } : {}),
    sort,
    descending: sort === 'added' || sort === 'fins',
  };
}
