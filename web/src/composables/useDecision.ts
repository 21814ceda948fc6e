import { ref } from 'vue';

import { decide, type NewDecision, undo } from '@/api/decisions';
import { queryClient } from '@/api/query';
import { decisionText } from '@/logic/decision_text';
import { t } from '@/texts';

import { useNotices } from './useNotices';

/** Decides at once, says so with the way back, and fetches anew what shows it. */
export function useDecision(shownIn: string[], done?: () => void) {
  const notices = useNotices();
  const isBusy = ref(false);
  const refresh = () =>
    Promise.all(shownIn.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));

  async function run(wish: NewDecision): Promise<void> {
    isBusy.value = true;
    try {
      const decision = await decide(wish);
      const back = () => void undo(decision.id).then(refresh, notices.fail);
      notices.say(decisionText(decision), { text: t('act.undo'), run: back });
      done?.();
      await refresh();
    } catch (error) {
      notices.fail(error);
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, run };
}
