import { computed, type Ref, ref, shallowRef, watch } from 'vue';

import { nearestIndex, pull, thin } from '@/logic/contour_edit';
import { type Point, resample } from '@/logic/outline';
import {
  type DrawnStroke,
  filterEdit,
  firstFilter,
  lineEdit,
  type OutlineTool,
  pointsEdit,
  strokesEdit,
} from '@/logic/outline_tools';

import type { OutlineEdit } from './useOutlineEdit';

const leastPoints = 12;
const mostPoints = 4000;

/** Dense enough to be pulled smoothly, however few points it was kept with. */
function evenly(contour: Point[]): Point[] {
  const first = contour[0];
  return first ? resample([...contour, first], 401).slice(0, -1) : [];
}

/** What the pointer does with each tool, and the edit that comes of it. */
export function useOutlineTool(outline: OutlineEdit, size: Ref<number>) {
  const tool = ref<OutlineTool>('pull');
  /** How much of the contour follows, or the brush's radius, in hundredths of the crop's size. */
  const reach = ref(12);
  const radius = ref(2);
  /** What was drawn and is not kept yet. */
  const contour = shallowRef<Point[] | null>(null);
  const line = shallowRef<Point[]>([]);
  const points = shallowRef<Point[]>([]);
  const strokes = shallowRef<DrawnStroke[]>([]);
  const filter = ref(firstFilter());
  let grabbed = -1;
  let isDown = false;

  const isBrush = computed(() => tool.value === 'add' || tool.value === 'remove');
  const shown = computed(() => contour.value ?? outline.after.value);

  function clear(): void {
    [contour.value, line.value, points.value, strokes.value] = [null, [], [], []];
    outline.drop();
  }

  function start(here: Point): void {
    isDown = true;
    if (tool.value === 'pull') {
      contour.value = evenly(shown.value);
      grabbed = nearestIndex(contour.value, here);
    } else if (tool.value === 'points') {
      points.value = [...(points.value.length < 4 ? points.value : []), here];
      if (points.value.length === 4) outline.attempt(pointsEdit(points.value));
    } else if (isBrush.value) {
      const radiusPx = (radius.value / 100) * size.value;
      const stroke = { isFin: tool.value === 'add', radius: radiusPx, points: [here] };
      strokes.value = [...strokes.value, stroke];
    } else line.value = [here];
  }

  function move(here: Point): void {
    if (!isDown) return;
    if (tool.value === 'pull' && contour.value)
      contour.value = pull(contour.value, grabbed, here, (reach.value / 100) * size.value);
    else if (tool.value === 'draw' || tool.value === 'stretch') line.value = [...line.value, here];
    else if (isBrush.value) {
      const last = strokes.value.at(-1) as DrawnStroke;
      strokes.value = [...strokes.value.slice(0, -1), { ...last, points: [...last.points, here] }];
    }
  }

  function end(): void {
    if (!isDown) return;
    isDown = false;
    if (tool.value === 'pull' && contour.value)
      outline.attempt(lineEdit('outline', thin(contour.value, mostPoints)));
    else if (isBrush.value) outline.attempt(strokesEdit(strokes.value));
    else if (tool.value === 'draw' || tool.value === 'stretch') {
      // A stroke too short to be a line is forgotten.
      if (line.value.length < leastPoints) line.value = [];
      else {
        const drawn = thin(line.value, mostPoints);
        outline.attempt(lineEdit(tool.value === 'draw' ? 'outline' : 'stretch', drawn));
      }
    }
  }

  async function apply(): Promise<boolean> {
    const isKept = await outline.apply();
    if (isKept) clear();
    return isKept;
  }

  // Both brushes add to the same strokes; every other tool begins anew.
  watch(tool, (now, was) => {
    const isSame = [now, was].every((one) => one === 'add' || one === 'remove');
    if (!isSame) clear();
    if (now === 'filter') outline.attempt(filterEdit(filter.value));
  });
  watch(
    filter,
    (values) => {
      if (tool.value === 'filter') outline.attempt(filterEdit(values));
    },
    { deep: true },
  );
  // What the server makes of a pulled contour takes its place.
  watch(outline.after, () => {
    if (!isDown) contour.value = null;
  });

  return {
    ...{ tool, reach, radius, line, points, strokes, filter, shown, isBrush },
    ...{ start, move, end, clear, apply },
  };
}

export type OutlineToolState = ReturnType<typeof useOutlineTool>;
