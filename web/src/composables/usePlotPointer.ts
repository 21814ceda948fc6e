import { computed, type Ref, ref } from 'vue';

import type { PointGrid } from '@/logic/point_grid';
import type { PlaneView } from '@/logic/scatter_gl';

type Place = [number, number];
const pickRadiusPx = 14;

interface Plot {
  canvas: () => HTMLCanvasElement;
  grid: Ref<PointGrid>;
  view: Ref<PlaneView>;
  tool: () => 'pan' | 'box' | 'lasso';
  onHover: (index: number, x: number, y: number) => void;
  onPick: (index: number, add: boolean) => void;
  onSelect: (indices: number[], add: boolean) => void;
}

/** What the pointer does on a plot: hover, pick, pan, zoom, and a box or lasso around points. */
export function usePlotPointer(plot: Plot) {
  const { view, grid } = plot;
  const line = ref<Place[]>([]);
  let drag: { from: Place; kind: string; moved: boolean } | null = null;

  function place(event: PointerEvent | WheelEvent): Place {
    const box = plot.canvas().getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function plane([x, y]: Place): Place {
    const { clientWidth, clientHeight } = plot.canvas();
    const { x: centerX, y: centerY, zoom } = view.value;
    return [(x - clientWidth / 2) / zoom + centerX, (y - clientHeight / 2) / zoom + centerY];
  }

  const at = (event: PointerEvent) =>
    grid.value.nearest(...plane(place(event)), pickRadiusPx / view.value.zoom);

  function onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    plot.canvas().setPointerCapture(event.pointerId);
    const kind = event.shiftKey && plot.tool() === 'pan' ? 'box' : plot.tool();
    drag = { from: place(event), kind, moved: false };
    plot.onHover(-1, 0, 0);
  }

  function onMove(event: PointerEvent): void {
    const here = place(event);
    if (!drag) return plot.onHover(at(event), here[0], here[1]);
    const [x0, y0] = drag.from;
    drag.moved ||= Math.hypot(here[0] - x0, here[1] - y0) > 3;
    if (drag.kind === 'pan') {
      const { x, y, zoom } = view.value;
      view.value = { x: x - (here[0] - x0) / zoom, y: y - (here[1] - y0) / zoom, zoom };
      drag.from = here;
    } else if (drag.kind === 'box') {
      line.value = [[x0, y0], [here[0], y0], here, [x0, here[1]]];
    } else {
      line.value = [...line.value, here];
    }
  }

  function onUp(event: PointerEvent): void {
    if (!drag) return;
    const add = event.ctrlKey || event.metaKey;
    if (!drag.moved) plot.onPick(at(event), add);
    else if (drag.kind !== 'pan') plot.onSelect(grid.value.inLasso(line.value.map(plane)), add);
    drag = null;
    line.value = [];
  }

  function onWheel(event: WheelEvent): void {
    const [px, py] = plane(place(event));
    const { x, y, zoom: old } = view.value;
    const zoom = old * Math.exp(-event.deltaY * 0.0015);
    view.value = { zoom, x: px - (px - x) * (old / zoom), y: py - (py - y) * (old / zoom) };
  }

  const linePath = computed(
    () => line.value.map((p, i) => `${i ? 'L' : 'M'}${p[0]} ${p[1]}`).join('') + 'Z',
  );
  return { line, linePath, onDown, onMove, onUp, onWheel };
}
