import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';

import { type Fin, type FinFilter, listFins } from '@/api/fins';
import { mergeQueue } from '@/logic/queue';

import { useChanges } from './useServerEvents';

const pageSize = 200;
const fewLeft = 40;

/** The fins that wait for a decision, in order, and where the person is among them. */
export function useReviewQueue(filter: () => FinFilter) {
  const fins = shallowRef<Fin[]>([]);
  const total = ref(0);
  const index = ref(0);
  const isPending = ref(true);
  const error = shallowRef<unknown>(null);
  const decided = shallowRef(new Set<number>());
  let abort = new AbortController();
  let timer = 0;

  const current = computed(() => fins.value[index.value]);
  const ahead = computed(() => fins.value.slice(index.value + 1, index.value + 4));

  async function load(): Promise<void> {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    try {
      const page = await listFins({ ...filter(), limit: pageSize }, signal);
      if (signal.aborted) return;
      const here = current.value?.id;
      fins.value = mergeQueue(fins.value, page.rows, decided.value, here);
      total.value = page.total - page.rows.filter((fin) => decided.value.has(fin.id)).length;
      const kept = fins.value.findIndex((fin) => fin.id === here);
      index.value = Math.max(0, kept >= 0 ? kept : Math.min(index.value, fins.value.length - 1));
      error.value = null;
    } catch (thrown) {
      if (!signal.aborted) error.value = thrown;
    } finally {
      if (!signal.aborted) isPending.value = false;
    }
  }

  function restart(): void {
    [fins.value, index.value, isPending.value, total.value] = [[], 0, true, 0];
    void load();
  }

  function loadSoon(): void {
    if (!timer) timer = window.setTimeout(() => ((timer = 0), void load()), 2000);
  }

  /** Takes fins out: the next one moves to where they were. */
  function remove(ids: number[]): void {
    decided.value = new Set([...decided.value, ...ids]);
    const before = fins.value.slice(0, index.value).filter((fin) => ids.includes(fin.id)).length;
    const left = fins.value.filter((fin) => !ids.includes(fin.id));
    total.value = Math.max(left.length, total.value - (fins.value.length - left.length));
    fins.value = left;
    index.value = Math.max(0, Math.min(index.value - before, left.length - 1));
    if (left.length < fewLeft && total.value > left.length) loadSoon();
  }

  /** Puts fins back, to be looked at now. */
  function putBack(back: Fin[]): void {
    const ids = new Set(back.map((fin) => fin.id));
    decided.value = new Set([...decided.value].filter((id) => !ids.has(id)));
    const others = fins.value.filter((fin) => !ids.has(fin.id));
    const at = Math.min(index.value, others.length);
    total.value += back.length - (fins.value.length - others.length);
    fins.value = [...others.slice(0, at), ...back, ...others.slice(at)];
    index.value = at;
  }

  function move(step: number): void {
    index.value = Math.max(0, Math.min(fins.value.length - 1, index.value + step));
  }

  watch(() => JSON.stringify(filter()), restart, { immediate: true });
  useChanges(['decisions', 'fins'], loadSoon);
  onScopeDispose(() => {
    abort.abort();
    window.clearTimeout(timer);
  });

  return {
    ...{ fins, total, index, current, ahead, decided, isPending, error },
    ...{ load, remove, putBack, move },
  };
}

export type ReviewQueue = ReturnType<typeof useReviewQueue>;
