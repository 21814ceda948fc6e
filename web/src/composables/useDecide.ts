import { computed, ref, shallowRef } from 'vue';

import { type Decision, decide, type NewDecision, undo } from '@/api/decisions';
import { ApiError } from '@/api/error';
import { candidatesQuery, type Fin, finQuery } from '@/api/fins';
import { queryClient } from '@/api/query';

import { useNotices } from './useNotices';
import type { ReviewQueue } from './useReviewQueue';

export type Wish = Omit<NewDecision, 'fins' | 'seen'>;

export interface Conflict {
  fins: Fin[];
  wish: Wish;
  error: ApiError;
}

/**
 * Decides on fins of a queue without making the person wait: the queue moves on at once, the server
 * is told one decision after the other, and what it refuses comes back.
 */
export function useDecide(queue: ReviewQueue) {
  const notices = useNotices();
  const made = shallowRef<{ decision: Decision; fins: Fin[] }[]>([]);
  const conflict = shallowRef<Conflict | null>(null);
  const numOpen = ref(0);
  const lastDecision = new Map<number, number>();
  let chain: Promise<unknown> = Promise.resolve();

  const seenOf = (fin: Fin) => lastDecision.get(fin.id) ?? fin.last_decision;

  function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    ++numOpen.value;
    const result = chain.then(run).finally(() => --numOpen.value);
    chain = result.catch(() => undefined);
    return result;
  }

  async function send(fins: Fin[], wish: Wish, isChecked: boolean): Promise<void> {
    const decision = await decide({
      ...wish,
      fins: fins.map((fin) => fin.id),
      ...(isChecked ? { seen: fins.map(seenOf) } : {}),
    });
    fins.forEach((fin) => lastDecision.set(fin.id, decision.id));
    made.value = [...made.value.slice(-99), { decision, fins }];
  }

  /** A "not the same" leaves the fin in the queue; everything else takes it out. */
  async function make(fins: Fin[], wish: Wish, isChecked = true): Promise<void> {
    if (wish.kind !== 'reject') queue.remove(fins.map((fin) => fin.id));
    try {
      await inTurn(() => send(fins, wish, isChecked));
    } catch (error) {
      queue.putBack(fins);
      if (error instanceof ApiError && error.isConflict) conflict.value = { fins, wish, error };
      else notices.fail(error);
    } finally {
      if (wish.kind === 'reject') await refreshCandidates(fins);
    }
  }

  async function refreshCandidates(fins: Fin[]): Promise<void> {
    await Promise.all(
      fins.map((fin) =>
        queryClient.invalidateQueries({ queryKey: candidatesQuery(fin.id).queryKey }),
      ),
    );
  }

  async function takeBack(): Promise<void> {
    // A decision still on its way is waited for, so that Z right after a key undoes that key.
    await chain;
    const last = made.value.at(-1);
    if (!last) return;
    made.value = made.value.slice(0, -1);
    try {
      const undone = await inTurn(() => undo(last.decision.id));
      last.fins.forEach((fin) => lastDecision.set(fin.id, undone.id));
      const keys = last.fins.map((fin) => finQuery(fin.id));
      const fresh = await Promise.all(
        keys.map((query) => queryClient.fetchQuery({ ...query, staleTime: 0 })),
      );
      queue.putBack(fresh);
      await refreshCandidates(last.fins);
    } catch (error) {
      notices.fail(error);
    }
  }

  /** After a conflict: leaves the fins as the other person decided. */
  function keepTheirs(): void {
    if (conflict.value) queue.remove(conflict.value.fins.map((fin) => fin.id));
    conflict.value = null;
  }

  function decideAnyway(): void {
    const open = conflict.value;
    conflict.value = null;
    if (open) void make(open.fins, open.wish, false);
  }

  const last = computed(() => made.value.at(-1)?.decision);
  return {
    make,
    takeBack,
    last,
    numMade: computed(() => made.value.length),
    conflict,
    keepTheirs,
    decideAnyway,
    numOpen,
  };
}
