import { type Ref, ref } from 'vue';

import type { Fin } from '@/api/fins';
import { type BoxPx, dragBox, drawnBox, type Handle, type PhotoSize } from '@/logic/boxes';
import type { Point } from '@/logic/outline';

import { svgPoint } from './useSvgPointer';
import type { ViewControl } from './useView';

interface Viewer {
  svg: () => SVGSVGElement;
  photo: () => PhotoSize;
  isDrawing: () => boolean;
  control: ViewControl;
  selected: Ref<number | null>;
  onDraw: (box: BoxPx) => void;
  onChange: (fin: Fin, box: BoxPx) => void;
}

/** What the pointer does on a photo: pan, draw a box, move or resize the selected one. */
export function useBoxPointer(viewer: Viewer) {
  const drawn = ref<BoxPx | null>(null);
  const moved = ref<{ fin: number; box: BoxPx } | null>(null);
  let drag: { kind: 'pan' | 'draw' | 'box'; from: Point; fin?: Fin; handle: Handle } | null = null;

  function start(event: PointerEvent, fin?: Fin, handle: Handle = 'move'): void {
    if (event.button !== 0) return;
    event.stopPropagation();
    viewer.svg().setPointerCapture(event.pointerId);
    const from = svgPoint(viewer.svg(), event);
    if (viewer.isDrawing()) {
      drag = { kind: 'draw', from, handle };
      return;
    }
    const isTaken = fin !== undefined && fin.id === viewer.selected.value;
    if (isTaken) drag = { kind: 'box', from, fin, handle };
    else drag = { kind: 'pan', from: { x: event.clientX, y: event.clientY }, handle };
    viewer.selected.value = fin?.id ?? null;
  }

  function move(event: PointerEvent): void {
    if (!drag) return;
    if (drag.kind === 'pan') return pan(event);
    const here = svgPoint(viewer.svg(), event);
    const { from, fin, handle } = drag;
    if (!fin) drawn.value = drawnBox(from, here, viewer.photo());
    else {
      const box = dragBox(fin.box, handle, here.x - from.x, here.y - from.y, viewer.photo());
      moved.value = { fin: fin.id, box };
    }
  }

  function pan(event: PointerEvent): void {
    if (!drag) return;
    const frame = viewer.svg().getBoundingClientRect();
    const { scale } = viewer.control.view;
    const [dx, dy] = [event.clientX - drag.from.x, event.clientY - drag.from.y];
    viewer.control.pan((dx / frame.width) * scale, (dy / frame.height) * scale);
    drag.from = { x: event.clientX, y: event.clientY };
  }

  function end(): void {
    if (drag?.kind === 'draw' && drawn.value) viewer.onDraw(drawn.value);
    if (drag?.fin && moved.value) viewer.onChange(drag.fin, moved.value.box);
    [drag, drawn.value, moved.value] = [null, null, null];
  }

  return { drawn, moved, start, move, end };
}
