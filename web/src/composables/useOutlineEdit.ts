import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';

import {
  editOutline,
  type NewOutlineEdit,
  type Outline,
  outlineQuery,
  previewOutline,
  redoOutline,
  undoOutline,
} from '@/api/fins';
import { queryClient } from '@/api/query';
import type { Point } from '@/logic/outline';

import { useNotices } from './useNotices';

const toPoints = (points: number[][]): Point[] =>
  points.map((point) => ({ x: point[0] ?? 0, y: point[1] ?? 0 }));
const pauseMs = 120;

/**
 * The kept outline of a fin and one edit on top of it that is tried out: the server says what would
 * become of it, nothing is kept before `apply`.
 */
export function useOutlineEdit(fin: () => number, kept: Ref<Outline | null | undefined>) {
  const notices = useNotices();
  const edit = shallowRef<NewOutlineEdit | null>(null);
  const tried = shallowRef<Outline | null>(null);
  const isTrying = ref(false);
  const isBusy = ref(false);
  let abort = new AbortController();
  let timer = 0;

  const numDone = computed(() => kept.value?.num_done ?? 0);
  const before = computed(() => toPoints(kept.value?.contour ?? []));
  const after = computed(() => (tried.value ? toPoints(tried.value.contour) : before.value));
  const edge = computed(() => toPoints((tried.value ?? kept.value)?.trailing_edge ?? []));

  async function preview(wish: NewOutlineEdit): Promise<void> {
    const { signal } = abort;
    try {
      const outline = await previewOutline(fin(), wish, signal);
      if (!signal.aborted) tried.value = outline;
    } catch (error) {
      if (!signal.aborted) notices.fail(error);
    } finally {
      if (!signal.aborted) isTrying.value = false;
    }
  }

  /** Shows what the edit would do; the last one asked for wins. */
  function attempt(wish: NewOutlineEdit): void {
    edit.value = wish;
    isTrying.value = true;
    abort.abort();
    abort = new AbortController();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void preview(wish), pauseMs);
  }

  function drop(): void {
    abort.abort();
    window.clearTimeout(timer);
    [edit.value, tried.value, isTrying.value] = [null, null, false];
  }

  async function keep(ask: () => Promise<Outline>): Promise<boolean> {
    isBusy.value = true;
    try {
      const outline = await ask();
      drop();
      queryClient.setQueryData(outlineQuery(fin()).queryKey, outline);
      await queryClient.invalidateQueries({ queryKey: ['fins', fin()] });
      return true;
    } catch (error) {
      notices.fail(error);
      await queryClient.invalidateQueries({ queryKey: ['fins', fin()] });
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  const apply = async () => {
    const wish = edit.value;
    return wish ? keep(() => editOutline(fin(), wish, numDone.value)) : false;
  };

  watch(fin, drop);
  onScopeDispose(drop);

  return {
    ...{ edit, before, after, edge, isTrying, isBusy, attempt, drop, apply },
    canUndo: computed(() => numDone.value > 0),
    canRedo: computed(() => numDone.value < (kept.value?.edits.length ?? 0)),
    undo: () => keep(() => undoOutline(fin(), numDone.value)),
    redo: () => keep(() => redoOutline(fin(), numDone.value)),
  };
}

export type OutlineEdit = ReturnType<typeof useOutlineEdit>;
