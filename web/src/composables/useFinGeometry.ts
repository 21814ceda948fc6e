import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';

import { finQuery, outlineQuery } from '@/api/fins';
import { photoQuery } from '@/api/photos';
import { cropRegion } from '@/logic/crop_region';
import type { Point } from '@/logic/outline';

const toPoints = (points: number[][]): Point[] =>
  points.map((point) => ({ x: point[0] ?? 0, y: point[1] ?? 0 }));

/** Where a fin's crop and outline lie in its photo; fetched only while `isWanted`. */
export function useFinGeometry(id: () => number | null | undefined, isWanted: () => boolean) {
  const enabled = computed(() => Boolean(id()) && isWanted());
  const fin = useQuery(computed(() => ({ ...finQuery(id() ?? 0), enabled: enabled.value })));
  const photo = useQuery(
    computed(() => ({
      ...photoQuery(fin.data.value?.photo ?? 0),
      enabled: enabled.value && Boolean(fin.data.value),
    })),
  );
  const outline = useQuery(
    computed(() => ({ ...outlineQuery(id() ?? 0), enabled: enabled.value })),
  );

  return {
    fin: fin.data,
    outline: outline.data,
    region: computed(() =>
      fin.data.value && photo.data.value ? cropRegion(fin.data.value.box, photo.data.value) : null,
    ),
    contour: computed(() => toPoints(outline.data.value?.contour ?? [])),
    edge: computed(() => toPoints(outline.data.value?.trailing_edge ?? [])),
    hasNoOutline: computed(() => outline.data.value === null),
  };
}
