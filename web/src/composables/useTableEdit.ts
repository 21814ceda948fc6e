import { ref } from 'vue';

import { contentUrl, moveFile, restoreFiles, trashFiles } from '@/api/files';
import { queryClient } from '@/api/query';
import { uploadText } from '@/api/uploads';
import { withValue } from '@/logic/csv';
import { withJsonValue } from '@/logic/json_table';
import { t } from '@/texts';

import { useNotices } from './useNotices';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['files'] });

/** Puts the table thrown away back in the place of the one that was written instead. */
async function takeBack(path: string, trashed: string[]): Promise<void> {
  await trashFiles('datasets', [path]);
  await restoreFiles('datasets', trashed);
  await refresh();
}

/** Writes values into a table of the datasets area; the table as it was lies in the trash. */
export function useTableEdit() {
  const notices = useNotices();
  const isBusy = ref(false);

  async function setValue(
    path: string,
    rows: string[][],
    column: string,
    value: string,
  ): Promise<void> {
    isBusy.value = true;
    try {
      const answer = await fetch(contentUrl('datasets', path));
      if (!answer.ok) throw new Error(t('table.unreadable', { path }));
      const change = path.endsWith('.json') ? withJsonValue : withValue;
      const changed = change(await answer.text(), rows, column, value);
      const written = `${path}.new`;
      await uploadText('datasets', written, changed);
      const trashed = await trashFiles('datasets', [path]);
      await moveFile('datasets', { path: written, to: path });
      const ids = trashed.rows.map((one) => one.id);
      notices.say(t('table.changed', { n: rows.length, column, value }), {
        text: t('act.undo'),
        run: () => void takeBack(path, ids).catch(notices.fail),
      });
      await refresh();
    } catch (error) {
      notices.fail(error);
    } finally {
      isBusy.value = false;
    }
  }

  return { isBusy, setValue };
}
