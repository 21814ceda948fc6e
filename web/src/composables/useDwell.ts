import { onScopeDispose, ref } from 'vue';

export interface Pointed {
  index: number;
  x: number;
  y: number;
}

/** Shows what is pointed at after a short rest, and lets it go a moment after leaving. */
export function useDwell(restMs: number, graceMs: number) {
  const shown = ref<Pointed | null>(null);
  let timer = 0;
  let wanted = -1;

  function point(index: number, x: number, y: number): void {
    if (index === wanted) return;
    wanted = index;
    window.clearTimeout(timer);
    if (index < 0) timer = window.setTimeout(() => (shown.value = null), graceMs);
    else timer = window.setTimeout(() => (shown.value = { index, x, y }), restMs);
  }

  onScopeDispose(() => window.clearTimeout(timer));
  return { shown, point };
}
