import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

import { listPhotos } from '@/api/photos';
import { photoFilter } from '@/logic/photo_filter';

/** The photos before and after this one in the list it was opened from (`at` of the address). */
export function usePhotoNeighbors() {
  const route = useRoute();
  const router = useRouter();
  const at = computed(() => (route.query.at === undefined ? -1 : Number(route.query.at)));
  const offset = computed(() => Math.max(0, at.value - 1));
  const { data } = useQuery(
    computed(() => ({
      queryKey: ['photos', 'around', photoFilter(route.query), at.value],
      queryFn: () => listPhotos({ ...photoFilter(route.query), offset: offset.value, limit: 3 }),
      enabled: at.value >= 0,
    })),
  );

  function go(step: number): void {
    const next = data.value?.rows[at.value - offset.value + step];
    if (!next || at.value < 0) return;
    void router.replace({
      path: `/photos/${next.id}`,
      query: { ...route.query, at: at.value + step },
    });
  }

  return { at, total: computed(() => data.value?.total ?? 0), go };
}
