import { describe, expect, it } from 'vitest';

import { ApiError } from '@/api/error';
import type { Upload } from '@/api/uploads';

import { sortOut } from './dropped_files';
import { newItem, sendFile, type UploadServer } from './uploader';

const piece = 8 * 1024 * 1024;

/** A server in memory that can lose the connection in the middle of a piece. */
function memoryServer(losses: number) {
  const stored = new Map<string, number>();
  let lossesLeft = losses;
  const upload = (id: string): Upload => ({
    id,
    name: id,
    size: 0,
    offset: stored.get(id) ?? 0,
    url: '',
  });
  const server: UploadServer = {
    start: async (name) => (stored.set(name, 0), upload(name)),
    get: async (id) => {
      if (!stored.has(id)) throw new ApiError(404, 'Not found', 'gone');
      return upload(id);
    },
    put: async ({ id }, bytes, offset, onSent) => {
      if (offset !== stored.get(id))
        throw new ApiError(409, 'Conflict', 'not where the upload stands');
      if (lossesLeft-- > 0) {
        stored.set(id, offset + Math.floor(bytes.size / 2));
        throw new ApiError(0, 'No answer', 'lost');
      }
      stored.set(id, offset + bytes.size);
      onSent(bytes.size);
      return upload(id);
    },
  };
  return { server, stored };
}

const fileOf = (size: number) => new File([new Uint8Array(size)], 'a.jpg');
const signal = new AbortController().signal;

describe('sendFile', () => {
  it('goes on where the server stands after lost connections', async () => {
    const { server, stored } = memoryServer(3);
    const item = newItem({ name: 'day 1/a.jpg', file: fileOf(2.5 * piece) });
    await sendFile(item, server, signal, 0);
    expect(item).toMatchObject({ state: 'done', sent: 2.5 * piece });
    expect(stored.get('day 1/a.jpg')).toBe(2.5 * piece);
  });

  it('starts anew when the server threw the upload away', async () => {
    const { server } = memoryServer(0);
    const item = newItem({ name: 'a.jpg', file: fileOf(10) });
    item.upload = { id: 'old', name: 'a.jpg', size: 10, offset: 5, url: '' };
    await sendFile(item, server, signal, 0);
    expect(item.upload?.id).toBe('a.jpg');
    expect(item.state).toBe('done');
  });

  it('gives up with the reason when the server refuses', async () => {
    const { server } = memoryServer(0);
    server.start = async () => {
      throw new ApiError(400, 'Bad', 'The disk is full.');
    };
    const item = newItem({ name: 'a.jpg', file: fileOf(10) });
    await sendFile(item, server, signal, 0);
    expect(item).toMatchObject({ state: 'failed', reason: 'The disk is full.' });
  });

  it('gives up after some tries without any answer', async () => {
    const { server } = memoryServer(99);
    const item = newItem({ name: 'a.jpg', file: fileOf(0) });
    server.start = async () => {
      throw new ApiError(0, 'No answer', 'lost');
    };
    await sendFile(item, server, signal, 0);
    expect(item.state).toBe('failed');
  });
});

it('takes photos and archives of any alphabet, says what it leaves, forgets hidden files', () => {
  const names = ['día/鰭.JPG', 'a.tar.gz', 'notes.txt', '.DS_Store', 'x/.git/a.jpg', 'v.mov'];
  const sorted = sortOut(names.map((name) => ({ name, file: new File([], name) })));
  expect(sorted.taken.map((one) => one.name)).toEqual(['día/鰭.JPG', 'a.tar.gz']);
  expect(sorted.left.map((one) => one.name)).toEqual(['notes.txt', 'v.mov']);
});
