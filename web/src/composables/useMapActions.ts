import { type Ref, ref } from 'vue';

import { decide, type NewDecision, undo } from '@/api/decisions';
import { queryClient } from '@/api/query';
import { decisionText } from '@/logic/decision_text';
import { toCsv } from '@/logic/csv';
import { saveText } from '@/logic/save_text';
import { t } from '@/texts';

import { useNotices } from './useNotices';

/** What can be done with a selection of fins at once. */
export function useMapActions(fins: Ref<number[]>, done: () => void) {
  const notices = useNotices();
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
    exportRows(rows: string[][]): void {
      const head = ['fin', 'individual', 'x', 'y', 'tier', 'quality'];
      saveText('selection.csv', toCsv([head, ...rows]), 'text/csv');
    },
  };
}
