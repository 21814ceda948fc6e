import { computed, shallowRef } from 'vue';

import { cellsInBox, type GridShape } from '@/logic/grid';

type Place = [number, number];
const leastPx = 6;
const edgePx = 28;

/**
 * A box that the mouse draws over a scrolled grid; the cells it touches are told while it grows.
 * Near the upper and lower edge the grid scrolls along.
 */
export function useRubberBand(
  box: () => HTMLElement,
  shape: () => GridShape,
  padding: number,
  onBand: (cells: number[], add: boolean) => void,
) {
  const drawn = shallowRef<{ from: Place; to: Place } | null>(null);
  let from: Place | null = null;
  let isJustDrawn = false;

  function place(event: PointerEvent): Place {
    const frame = box().getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    return [x - padding, y + box().scrollTop - padding];
  }

  function onDown(event: PointerEvent): void {
    isJustDrawn = false;
    const isOnScrollbar = event.offsetX > box().clientWidth && event.target === box();
    if (event.button === 0 && event.pointerType === 'mouse' && !isOnScrollbar) from = place(event);
  }

  function onMove(event: PointerEvent): void {
    if (!from) return;
    const to = place(event);
    if (!drawn.value && Math.hypot(to[0] - from[0], to[1] - from[1]) < leastPx) return;
    if (!drawn.value) box().setPointerCapture(event.pointerId);
    drawn.value = { from, to };
    const frame = box().getBoundingClientRect();
    if (event.clientY > frame.bottom - edgePx) box().scrollTop += edgePx;
    if (event.clientY < frame.top + edgePx) box().scrollTop -= edgePx;
    onBand(cellsInBox(shape(), from, to), event.ctrlKey || event.metaKey || event.shiftKey);
  }

  function onUp(): void {
    isJustDrawn = drawn.value !== null;
    [from, drawn.value] = [null, null];
  }

  /** The click that ends a box is none on a cell. */
  function onClick(event: MouseEvent): void {
    if (isJustDrawn) event.stopPropagation();
    isJustDrawn = false;
  }

  const style = computed(() => {
    if (!drawn.value) return null;
    const { from: a, to: b } = drawn.value;
    return {
      left: `${Math.min(a[0], b[0]) + padding}px`,
      top: `${Math.min(a[1], b[1]) + padding}px`,
      width: `${Math.abs(a[0] - b[0])}px`,
      height: `${Math.abs(a[1] - b[1])}px`,
    };
  });

  return { style, onDown, onMove, onUp, onClick };
}
