import { computed, type Ref, ref } from 'vue';

import { nearestIndex, pull } from '@/logic/contour_edit';
import { type Point, resample } from '@/logic/outline';

const leastPoints = 12;

/** Dense enough to be pulled smoothly, however few points it was kept with. */
function evenly(contour: Point[]): Point[] {
  const first = contour[0];
  return first ? resample([...contour, first], 401).slice(0, -1) : [];
}

/** A contour under a person's hand: pulled or drawn anew, with undo back to where it started. */
export function useContourEdit(
  from: { contour: Ref<Point[]>; hasNoOutline: Ref<boolean> },
  size: Ref<number>,
) {
  const tool = ref<'pull' | 'draw'>('pull');
  /** How much of the contour follows, in hundredths of the picture's size. */
  const reach = ref(12);
  const contour = ref<Point[]>([]);
  const past = ref<Point[][]>([]);
  let grabbed = -1;

  function reset(): void {
    contour.value = evenly(from.contour.value);
    past.value = [];
    tool.value = from.hasNoOutline.value ? 'draw' : 'pull';
  }

  function undo(): void {
    const before = past.value.at(-1);
    if (!before) return;
    contour.value = before;
    past.value = past.value.slice(0, -1);
  }

  function start(here: Point): void {
    past.value = [...past.value.slice(-49), contour.value];
    if (tool.value === 'draw') contour.value = [here];
    grabbed = tool.value === 'draw' ? 0 : nearestIndex(contour.value, here);
  }

  function move(here: Point): void {
    if (grabbed < 0) return;
    if (tool.value === 'draw') contour.value = [...contour.value, here];
    else contour.value = pull(contour.value, grabbed, here, (reach.value / 100) * size.value);
  }

  /** A stroke too short to be an outline is forgotten. */
  function end(): void {
    if (tool.value === 'draw' && grabbed >= 0) {
      if (contour.value.length < leastPoints) undo();
      else tool.value = 'pull';
    }
    grabbed = -1;
  }

  const isChanged = computed(() => past.value.length > 0);
  return { tool, reach, contour, isChanged, reset, undo, start, move, end };
}
