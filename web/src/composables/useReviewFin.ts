import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, ref, watch } from 'vue';

import { candidatesQuery, cropUrl, type Fin, finQuery, finsQuery } from '@/api/fins';
import { individualQuery } from '@/api/individuals';
import { queryClient } from '@/api/query';
import { bestFirst } from '@/logic/best_first';

import type { ReviewQueue } from './useReviewQueue';

const theirFins = (individual: number) =>
  finsQuery({
    individual,
    review: ['confirmed', 'provisional'],
    sort: 'quality',
    descending: true,
    limit: 60,
  });

/** Fetches what the next pair needs, pictures too, so that it is there when a key is pressed. */
async function prefetch(fin: Fin): Promise<void> {
  load(cropUrl(fin.id, 1024));
  const answer = await queryClient.ensureQueryData(candidatesQuery(fin.id));
  answer.rows.slice(0, 3).forEach((candidate) => {
    if (candidate.best_fin) load(cropUrl(candidate.best_fin, 1024));
  });
  const first = answer.rows.find((candidate) => !candidate.rejected);
  if (first) await queryClient.ensureQueryData(theirFins(first.individual));
}

const loaded: HTMLImageElement[] = [];

function load(url: string): void {
  const picture = new Image();
  picture.src = url;
  loaded.push(picture);
  if (loaded.length > 24) loaded.shift();
}

/** The fin under review with its candidates, the one looked at, and that one's pictures. */
export function useReviewFin(queue: ReviewQueue) {
  const fin = queue.current;
  const id = computed(() => fin.value?.id ?? 0);
  const answer = useQuery(
    computed(() => ({ ...candidatesQuery(id.value), enabled: id.value > 0 })),
  );
  const candidates = computed(() => answer.data.value?.rows ?? []);
  const selected = ref(0);
  const candidate = computed(() => candidates.value[selected.value]);

  const individual = useQuery(
    computed(() => ({
      ...individualQuery(candidate.value?.individual ?? 0),
      enabled: Boolean(candidate.value),
    })),
  );
  const theirs = useQuery(
    computed(() => ({
      ...theirFins(candidate.value?.individual ?? 0),
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
    () => picked.value ?? candidate.value?.best_fin ?? pictures.value[0]?.id ?? null,
  );
  const shown = useQuery(
    computed(() => ({ ...finQuery(shownId.value ?? 0), enabled: shownId.value !== null })),
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
    const waiting = new Set(queue.fins.value.map((one) => one.id));
    return (sameEncounter.data.value?.rows ?? []).filter(
      (one) => one.id !== id.value && one.first_candidate === wanted && waiting.has(one.id),
    );
  });

  function selectFirst(): void {
    selected.value = Math.max(
      0,
      candidates.value.findIndex((one) => !one.rejected),
    );
  }

  function step(by: number): void {
    const most = candidates.value.length - 1;
    selected.value = Math.max(0, Math.min(most, selected.value + by));
  }

  function stepPicture(by: number): void {
    const ids = pictures.value.map((one) => one.id);
    const at = ids.indexOf(shownId.value ?? 0);
    picked.value = ids[Math.max(0, Math.min(ids.length - 1, at + by))] ?? null;
  }

  watch([id, () => answer.data.value?.fin], selectFirst, { immediate: true });
  watch([id, selected], () => (picked.value = null));
  watch(queue.ahead, (next) => next.forEach((one) => void prefetch(one).catch(() => undefined)), {
    immediate: true,
  });

  return {
    fin,
    answer,
    candidates,
    selected,
    candidate,
    individual: individual.data,
    pictures,
    picked,
    shownId,
    shown: shown.data,
    group,
    step,
    stepPicture,
    selectFirst,
  };
}

export type ReviewFin = ReturnType<typeof useReviewFin>;
