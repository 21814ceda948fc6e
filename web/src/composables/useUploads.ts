import { computed, reactive } from 'vue';

import { queryClient } from '@/api/query';
import { getUpload, putBytes, removeUpload, startUpload, uploadsQuery } from '@/api/uploads';
import type { DroppedFile } from '@/logic/dropped_files';
import { newItem, sendFile, type UploadItem } from '@/logic/uploader';

const atOnce = 3;
const server = { start: startUpload, get: getUpload, put: putBytes };

/** Files on their way to the server; goes on while the person looks at other pages. */
class Uploads {
  readonly items = reactive<UploadItem[]>([]);
  private abort = new AbortController();
  private running = 0;
  private whenDone: ((ids: string[]) => void) | null = null;

  constructor() {
    window.addEventListener('beforeunload', (event) => {
      if (this.running > 0) event.preventDefault();
    });
  }

  /** Sends files; `done` gets the uploads when all have arrived or failed. */
  async add(files: DroppedFile[], done: (ids: string[]) => void): Promise<void> {
    this.whenDone = done;
    // What an earlier try has brought already is not sent again.
    const page = await queryClient.fetchQuery({ ...uploadsQuery, staleTime: 0 }).catch(() => null);
    const here = new Map(page?.rows.map((one) => [`${one.size} ${one.name}`, one]));
    for (const file of files) {
      const item = newItem(file);
      item.upload = here.get(`${file.file.size} ${file.name}`) ?? null;
      this.items.push(item);
    }
    this.pump();
  }

  private pump(): void {
    while (this.running < atOnce) {
      const next = this.items.find((item) => item.state === 'waiting');
      if (!next) break;
      ++this.running;
      void sendFile(next, server, this.abort.signal)
        .catch(() => undefined)
        .finally(() => {
          --this.running;
          this.pump();
        });
    }
    if (this.running === 0 && this.items.length > 0) this.finish();
  }

  private finish(): void {
    const done = this.items.filter((item) => item.state === 'done');
    const ids = done.flatMap((item) => (item.upload ? [item.upload.id] : []));
    const failed = this.items.filter((item) => item.state === 'failed');
    this.items.splice(0, this.items.length, ...failed);
    const tell = this.whenDone;
    this.whenDone = null;
    if (ids.length > 0) tell?.(ids);
  }

  retry(done: (ids: string[]) => void): void {
    this.whenDone = done;
    for (const item of this.items) if (item.state === 'failed') item.state = 'waiting';
    this.pump();
  }

  stop(): void {
    this.abort.abort();
    this.abort = new AbortController();
    const left = this.items.splice(0);
    for (const { upload } of left) if (upload) void removeUpload(upload.id).catch(() => undefined);
    void queryClient.invalidateQueries({ queryKey: uploadsQuery.queryKey });
  }
}

let uploads: Uploads | null = null;

export function useUploads() {
  uploads ??= new Uploads();
  const { items } = uploads;
  const sum = (of: (item: UploadItem) => number) =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    uploads,
    items,
    sent: computed(() => sum((item) => item.sent)),
    size: computed(() => sum((item) => item.file.size)),
    numDone: computed(() => items.filter((item) => item.state === 'done').length),
    failed: computed(() => items.filter((item) => item.state === 'failed')),
    isBusy: computed(() => items.some((item) => ['waiting', 'sending'].includes(item.state))),
  };
}
