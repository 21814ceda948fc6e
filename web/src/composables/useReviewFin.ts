import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, ref, watch } from 'vue';

import { candidatesQuery, finQuery, finsQuery, picturesQuery } from '@/api/fins';
import { individualQuery } from '@/api/individuals';
import { bestFirst } from '@/logic/best_first';
import { keepChoice } from '@/logic/keep_choice';

import { usePrefetch } from './usePrefetch';
import type { ReviewQueue } from './useReviewQueue';

/** The fin under review with its candidates, the one looked at, and that one's pictures. */
export function useReviewFin(queue: ReviewQueue) {
  const fin = queue.current;
  const id = computed(() => fin.value?.id ?? 0);
  const answer = useQuery(
    computed(() => ({ ...candidatesQuery(id.value), enabled: id.value > 0 })),
  );
  const candidates = computed(() => answer.data.value?.rows ?? []);
  /** An index of `candidates`; their number = nobody known. */
  const selected = ref(0);
  const isNobody = computed(() => selected.value === candidates.value.length);
  const candidate = computed(() => candidates.value[selected.value]);

  const individual = useQuery(
    computed(() => ({
      ...individualQuery(candidate.value?.individual ?? 0),
      enabled: Boolean(candidate.value),
    })),
  );
  const theirs = useQuery(
    computed(() => ({
      ...picturesQuery(candidate.value?.individual ?? 0),
      enabled: Boolean(candidate.value),
      placeholderData: keepPreviousData,
    })),
  );
  const pictures = computed(() =>
    theirs.isPlaceholderData.value
      ? []
      : bestFirst(theirs.data.value?.rows ?? [], candidate.value?.best_fin, fin.value?.side ?? ''),
  );
  const picked = ref<number | null>(null);
  const shownId = computed(
    () => picked.value ?? pictures.value[0]?.id ?? candidate.value?.best_fin ?? null,
  );
  const listed = computed(() => pictures.value.find((one) => one.id === shownId.value));
  const unlisted = useQuery(
    computed(() => ({
      ...finQuery(shownId.value ?? 0),
      enabled: shownId.value !== null && !theirs.isPending.value && !listed.value,
    })),
  );

  const sameEncounter = useQuery(
    computed(() => ({
      ...finsQuery({
        encounter: fin.value?.encounter ?? 0,
        review: ['waiting'],
        limit: 500,
        sort: 'taken',
      }),
      enabled: Boolean(fin.value?.encounter),
    })),
  );
  /** The fins of the same encounter that look like the same candidate. */
  const group = computed(() => {
    const wanted = candidate.value?.individual;
    return (sameEncounter.data.value?.rows ?? []).filter(
      (one) =>
        one.id !== id.value && one.first_candidate === wanted && !queue.decided.value.has(one.id),
    );
  });

  /** The most probable one that was not rejected; nobody, where that is what the numbers say. */
  function selectFirst(): void {
    const first = candidates.value.findIndex((one) => !one.rejected);
    const isStranger = first < 0 || answer.data.value?.tier === 'nobody';
    selected.value = isStranger ? candidates.value.length : first;
  }

  function select(index: number): void {
    selected.value = Math.max(0, Math.min(candidates.value.length, index));
  }

  function stepPicture(by: number): void {
    const ids = pictures.value.map((one) => one.id);
    const at = ids.indexOf(shownId.value ?? 0);
    picked.value = ids[Math.max(0, Math.min(ids.length - 1, at + by))] ?? null;
  }

  watch([id, () => answer.data.value?.fin], selectFirst, { immediate: true });
  // Candidates that are fetched again may stand elsewhere: who was looked at stays.
  watch(answer.data, (now, before) => {
    if (!now || !before || now.fin !== before.fin) return;
    const at = keepChoice(before.rows, now.rows, selected.value);
    if (at >= 0) selected.value = at;
    else selectFirst();
  });
  watch([id, selected], () => (picked.value = null));
  usePrefetch(queue.ahead);

  return {
    fin,
    answer,
    candidates,
    selected,
    candidate,
    isNobody,
    individual: individual.data,
    pictures,
    picked,
    shownId,
    shown: computed(() => listed.value ?? unlisted.data.value),
    group,
    select,
    step: (by: number) => select(selected.value + by),
    stepPicture,
  };
}

export type ReviewFin = ReturnType<typeof useReviewFin>;
