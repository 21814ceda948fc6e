import { computed, onScopeDispose, ref, shallowRef, triggerRef, watch } from 'vue';

export interface RowsPage<Row> {
  rows: Row[];
  total: number;
}

const atOnce = 4;

/**
 * A long list of which only the parts that are looked at are fetched, `chunk` rows at a time.
 * When `key` changes the list starts anew; its old rows stay until the new ones are here.
 */
export function useRows<Row>(
  key: () => unknown,
  fetchRows: (offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage<Row>>,
  chunk = 100,
) {
  const chunks = shallowRef(new Map<number, Row[]>());
  const total = ref(0);
  const error = shallowRef<unknown>(null);
  const isStarted = ref(false);
  let asked = new Set<number>();
  let open = new Set<number>();
  let abort = new AbortController();
  let last: [number, number] = [0, chunk - 1];
  let isBackward = false;

  async function load(index: number): Promise<void> {
    asked.add(index);
    open.add(index);
    const { signal } = abort;
    try {
      const page = await fetchRows(index * chunk, chunk, signal);
      if (signal.aborted) return;
      total.value = page.total;
      chunks.value.set(index, page.rows);
      triggerRef(chunks);
      error.value = null;
    } catch (thrown) {
      if (signal.aborted) return;
      asked.delete(index);
      error.value = thrown;
    } finally {
      if (!signal.aborted) {
        isStarted.value = true;
        open.delete(index);
        // After a failure a person, or the next scroll, asks again.
        if (error.value === null) pump();
      }
    }
  }

  /**
   * Of what is seen now, fetches what is missing, then the part that comes next; what was scrolled
   * past is not fetched.
   */
  function pump(): void {
    const most = Math.floor(Math.max(0, total.value - 1) / chunk);
    const first = Math.floor(Math.max(0, last[0]) / chunk);
    const end = Math.min(most, Math.floor(last[1] / chunk));
    const wanted = Array.from({ length: end - first + 1 }, (_, at) => first + at);
    if (isStarted.value) wanted.push(isBackward ? first - 1 : end + 1);
    for (const at of wanted) {
      if (open.size >= atOnce) return;
      if (at >= 0 && at <= most && !asked.has(at)) void load(at);
    }
  }

  /** Says which rows are to be seen (both included). */
  function want(first: number, end: number): void {
    if (first !== last[0]) isBackward = first < last[0];
    last = [first, end];
    pump();
  }

  /** Fetches what is seen again, without showing gaps. */
  async function refresh(): Promise<void> {
    abort.abort();
    abort = new AbortController();
    [asked, open] = [new Set(), new Set()];
    const [first, end] = last.map((index) => Math.floor(Math.max(0, index) / chunk)) as [
      number,
      number,
    ];
    const { signal } = abort;
    const old = chunks.value;
    const kept = new Map<number, Row[]>();
    for (let at = first; at <= end; ++at) if (old.has(at)) kept.set(at, old.get(at) as Row[]);
    chunks.value = kept;
    const wanted = Array.from({ length: end - first + 1 }, (_, at) => first + at);
    await Promise.all(wanted.map(load));
    if (!signal.aborted && first > 0 && total.value <= first * chunk) await load(0);
  }

  function restart(): void {
    last = [0, chunk - 1];
    void refresh();
  }

  watch(key, restart, { immediate: true });
  onScopeDispose(() => abort.abort());

  return {
    total,
    error,
    isPending: computed(() => !isStarted.value),
    rowAt: (index: number): Row | undefined =>
      chunks.value.get(Math.floor(index / chunk))?.[index % chunk],
    rows: computed(() =>
      [...chunks.value.entries()].sort((a, b) => a[0] - b[0]).flatMap((one) => one[1]),
    ),
    want,
    refresh,
  };
}
