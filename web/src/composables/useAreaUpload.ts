import { ref } from 'vue';

import type { Area } from '@/api/files';
import { getUpload, moveUpload, putBytes, startUpload } from '@/api/uploads';
import { chosenFiles, type DroppedFile, droppedFiles } from '@/logic/dropped_files';
import { newItem, sendFile } from '@/logic/uploader';
import { t } from '@/texts';

import { useNotices } from './useNotices';

/** Brings files into a folder of an area, as they are. */
export function useAreaUpload(area: () => Area, folder: () => string, done: () => void) {
  const notices = useNotices();
  const isBusy = ref(false);
  const server = { start: startUpload, get: getUpload, put: putBytes };

  async function send(files: DroppedFile[]): Promise<void> {
    const [to, under] = [area(), folder()];
    isBusy.value = true;
    let num = 0;
    for (const file of files) {
      const item = newItem(file);
      try {
        await sendFile(item, server, new AbortController().signal);
        if (item.state === 'failed' || !item.upload)
          throw new Error(`${item.name}: ${item.reason}`);
        await moveUpload(item.upload.id, to, under ? `${under}/${item.name}` : item.name);
        ++num;
      } catch (error) {
        notices.fail(error);
      }
    }
    isBusy.value = false;
    if (num > 0) notices.say(t('files.uploaded', { n: num }));
    done();
  }

  function choose(): void {
    const input = document.createElement('input');
    [input.type, input.multiple] = ['file', true];
    input.onchange = () => input.files && void send(chosenFiles(input.files));
    input.click();
  }

  async function onDrop(event: DragEvent): Promise<void> {
    if (event.dataTransfer?.types.includes('Files'))
      await send(await droppedFiles(event.dataTransfer));
  }

  return { isBusy, choose, onDrop };
}
