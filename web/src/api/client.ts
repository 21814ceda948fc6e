import createClient from 'openapi-fetch';

import { whenDrawn } from '@/logic/draw_first';

import { ApiError, apiError } from './error';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

let csrfToken: string | null = null;

/** What `GET /api/me` said; sent with every change from then on. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** The headers every change must carry. */
export function changeHeaders(): Record<string, string> {
  return { 'X-Requested-With': 'finview', ...(csrfToken ? { 'X-CSRF-Token': csrfToken } : {}) };
}

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://127.0.0.1' : location.origin,
  fetch: (request) => whenDrawn().then(() => fetch(request)),
});

api.use({
  onRequest({ request }) {
    if (request.method === 'GET') return undefined;
    for (const [name, value] of Object.entries(changeHeaders())) request.headers.set(name, value);
    return request;
  },
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** What the server answered; throws ApiError for anything but success. */
export async function ok<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'No answer', 'The server does not answer. Is finview serve running?');
  }
  if (!answer.response.ok) throw apiError(answer.response.status, answer.error);
  return answer.data as Data;
}
