import { type Ref, ref } from 'vue';
import { useRouter } from 'vue-router';

import { decide, type NewDecision, undo } from '@/api/decisions';
import { queryClient } from '@/api/query';
import { uploadText } from '@/api/uploads';
import { decisionText } from '@/logic/decision_text';
import { toCsv } from '@/logic/csv';
import { saveText } from '@/logic/save_text';
import { t } from '@/texts';

import { useNotices } from './useNotices';

const columns = ['fin', 'class', 'encounter', 'x', 'y', 'tier', 'quality'];

/** What can be done with a selection of fins at once. */
export function useMapActions(fins: Ref<number[]>, done: () => void) {
  const notices = useNotices();
  const router = useRouter();
  const isBusy = ref(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['map'] });

  async function run(wish: NewDecision): Promise<void> {
    isBusy.value = true;
    try {
      const decision = await decide({ ...wish, fins: fins.value });
      const back = () => void undo(decision.id).then(refresh, notices.fail);
      notices.say(decisionText(decision), { text: t('act.undo'), run: back });
      done();
      await refresh();
    } catch (error) {
      notices.fail(error);
    } finally {
      isBusy.value = false;
    }
  }

  return {
    isBusy,
    assign: (individual: number) => run({ kind: 'confirm', individual }),
    reject: (individual: number) => run({ kind: 'reject', individual }),
    create: (code: string) => run({ kind: 'new', code }),
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
