import { ApiError, errorText } from '@/api/error';
import type { Upload } from '@/api/uploads';

import type { DroppedFile } from './dropped_files';

export type UploadState = 'waiting' | 'sending' | 'done' | 'failed';

export interface UploadItem {
  name: string;
  file: File;
  state: UploadState;
  sent: number;
  reason: string;
  upload: Upload | null;
}

export interface UploadServer {
  start: (name: string, size: number) => Promise<Upload>;
  get: (id: string) => Promise<Upload>;
  put: (
    upload: Upload,
    bytes: Blob,
    offset: number,
    onSent: (count: number) => void,
    signal: AbortSignal,
  ) => Promise<Upload>;
}

const pieceBytes = 8 * 1024 * 1024;
const maxTries = 6;

export const newItem = ({ name, file }: DroppedFile): UploadItem => ({
  name,
  file,
  state: 'waiting',
  sent: 0,
  reason: '',
  upload: null,
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends one file, piece by piece, from where the server stands. A lost connection is waited for and
 * gone on from; what the server refuses ends it. Throws only when stopped.
 */
export async function sendFile(
  item: UploadItem,
  server: UploadServer,
  signal: AbortSignal,
  waitMs = 500,
): Promise<void> {
  item.state = 'sending';
  for (let tries = 0; ; ) {
    try {
      item.upload = item.upload
        ? await server.get(item.upload.id)
        : await server.start(item.name, item.file.size);
      while (item.upload.offset < item.file.size) {
        const { offset } = item.upload;
        item.sent = offset;
        const piece = item.file.slice(offset, offset + pieceBytes);
        const onSent = (count: number) => (item.sent = offset + count);
        item.upload = await server.put(item.upload, piece, offset, onSent, signal);
        tries = 0;
      }
      item.sent = item.file.size;
      item.state = 'done';
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      const isGone = error instanceof ApiError && error.status === 404 && item.upload !== null;
      const isPassing =
        error instanceof ApiError &&
        (error.status === 0 || error.status >= 502 || error.isConflict);
      if (isGone) item.upload = null;
      if (!(isGone || isPassing) || ++tries >= maxTries) {
        item.state = 'failed';
        item.reason = errorText(error);
        return;
      }
      await pause(waitMs * 2 ** tries);
    }
  }
}
