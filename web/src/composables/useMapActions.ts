import type { Ref } from 'vue';
import { useRouter } from 'vue-router';

import type { NewDecision } from '@/api/decisions';
import { uploadText } from '@/api/uploads';
import { toCsv } from '@/logic/csv';
import { saveText } from '@/logic/save_text';
import { t } from '@/texts';

import { useDecision } from './useDecision';
import { useNotices } from './useNotices';

const columns = ['fin', 'class', 'encounter', 'x', 'y', 'tier', 'quality'];

/** What can be done with a selection of fins at once. */
export function useMapActions(fins: Ref<number[]>, done: () => void) {
  const notices = useNotices();
  const router = useRouter();
  const { isBusy, run } = useDecision(['map'], done);
  const decide = (wish: NewDecision) => run({ ...wish, fins: fins.value });

  return {
    isBusy,
    assign: (individual: number) => decide({ kind: 'confirm', individual }),
    reject: (individual: number) => decide({ kind: 'reject', individual }),
    create: (code: string) => decide({ kind: 'new', code }),
    exportRows: (rows: string[][]) =>
      saveText('selection.csv', toCsv([columns, ...rows]), 'text/csv'),
    /** Keeps the selection as a table of the datasets area. */
    async toDataset(name: string, rows: string[][]): Promise<void> {
      const path = name.endsWith('.csv') ? name : `${name}.csv`;
      try {
        await uploadText('datasets', path, toCsv([columns, ...rows]));
        const open = () => void router.push({ path: '/table', query: { path } });
        notices.say(t('map.kept', { path }), { text: t('act.open'), run: open });
      } catch (error) {
        notices.fail(error);
      }
    },
  };
}
