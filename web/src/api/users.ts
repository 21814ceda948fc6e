import { queryOptions, useQuery } from '@tanstack/vue-query';

import { api, ok, type Schemas, setCsrfToken } from './client';
import { queryClient } from './query';

export type User = Schemas['User'];
export type Role = Schemas['Role'];
export type Me = Schemas['Me'];

export const roles: Role[] = ['viewer', 'editor', 'reviewer', 'admin'];

async function fetchMe(): Promise<Me> {
  const me = await ok(api.GET('/api/me'));
  setCsrfToken(me.csrf_token);
  return me;
}

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: fetchMe, staleTime: Infinity });
export const useMe = () => useQuery(meQuery);

export async function logIn(name: string, password: string): Promise<void> {
  const me = await ok(api.POST('/api/login', { body: { name, password } }));
  setCsrfToken(me.csrf_token);
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, me);
}

export async function logOut(): Promise<void> {
  await ok(api.POST('/api/logout'));
  queryClient.clear();
  location.assign('/login');
}

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => ok(api.GET('/api/users', { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => ok(api.GET('/api/tokens', { signal })),
});

export const addUser = (name: string, password: string, role: Role) =>
  ok(api.POST('/api/users', { body: { name, password, role } }));

export const changeUser = (name: string, change: { password?: string; role?: Role }) =>
  ok(api.PATCH('/api/users/{name}', { params: { path: { name } }, body: change }));

export const removeUser = (name: string) =>
  ok(api.DELETE('/api/users/{name}', { params: { path: { name } } }));

export const addToken = (name: string) => ok(api.POST('/api/tokens', { body: { name } }));

export const removeToken = (id: number) =>
  ok(api.DELETE('/api/tokens/{id}', { params: { path: { id } } }));
