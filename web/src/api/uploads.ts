import { queryOptions } from '@tanstack/vue-query';

import { api, changeHeaders, ok, type Schemas } from './client';
import { ApiError, apiError } from './error';

export type Upload = Schemas['Upload'];

export const uploadsQuery = queryOptions({
  queryKey: ['uploads'],
  queryFn: ({ signal }) => ok(api.GET('/api/uploads', { signal })),
});

export const startUpload = (name: string, size: number) =>
  ok(api.POST('/api/uploads', { body: { name, size } }));

export const getUpload = (upload: string) =>
  ok(api.GET('/api/uploads/{upload}', { params: { path: { upload } } }));

export const removeUpload = (upload: string) =>
  ok(api.DELETE('/api/uploads/{upload}', { params: { path: { upload } } }));

export const moveUpload = (upload: string, area: Schemas['Area'], path: string) =>
  ok(
    api.POST('/api/uploads/{upload}/move', { params: { path: { upload } }, body: { area, path } }),
  );

/** Sends bytes from `offset` on. XMLHttpRequest, for fetch does not tell how much is through. */
export function putBytes(
  upload: Upload,
  bytes: Blob,
  offset: number,
  onSent: (count: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/api/uploads/${upload.id}?offset=${offset}`);
    for (const [name, value] of Object.entries(changeHeaders()))
      request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () =>
      request.status < 300
        ? resolve(request.response as Upload)
        : reject(apiError(request.status, request.response));
    request.onerror = () => reject(new ApiError(0, 'No answer', 'The connection was lost.'));
    request.onabort = () => reject(new DOMException('Stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(bytes);
  });
}

/** Writes a text as a file of an area. Nothing is overwritten. */
export async function uploadText(area: Schemas['Area'], path: string, text: string): Promise<void> {
  const bytes = new Blob([text]);
  const upload = await startUpload(path, bytes.size);
  const nobody = new AbortController().signal;
  if (bytes.size > 0) await putBytes(upload, bytes, 0, () => undefined, nobody);
  await moveUpload(upload.id, area, path);
}
