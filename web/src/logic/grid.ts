/** Rows that are there before they are seen, so that their pictures have time to come. */
const numAhead = 3;

/** The cells of a grid that a scrolled window shows, with some rows more on either side. */
export function visibleCells(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  numColumns: number,
  total: number,
): { first: number; end: number } {
  const firstRow = Math.max(0, Math.floor(scrollTop / rowHeight) - numAhead);
  const endRow = Math.ceil((scrollTop + viewHeight) / rowHeight) + numAhead;
  const first = Math.min(
    firstRow * numColumns,
    Math.max(0, total - (total % numColumns || numColumns)),
  );
  return { first, end: Math.min(total, endRow * numColumns) };
}

/** Where an arrow, Home, End or Page key leads in a grid; null for other keys. */
export function moveIn(
  key: string,
  index: number,
  total: number,
  numColumns: number,
  perView: number,
): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -numColumns,
    ArrowDown: numColumns,
    PageUp: -perView,
    PageDown: perView,
    Home: -index,
    End: total - 1 - index,
  };
  const step = steps[key];
  if (step === undefined || total === 0) return null;
  return Math.max(0, Math.min(total - 1, index + step));
}

/** How a grid's cells lie: `width` and `height` of one cell, the same gap between all of them. */
export interface GridShape {
  numColumns: number;
  width: number;
  height: number;
  gap: number;
  total: number;
}

/** The cells that a box touches; the box in pixels from the grid's top left corner. */
export function cellsInBox(
  shape: GridShape,
  [x1, y1]: [number, number],
  [x2, y2]: [number, number],
): number[] {
  const { numColumns, width, height, gap, total } = shape;
  const first = (at: number, size: number) => Math.max(0, Math.ceil((at - size) / (size + gap)));
  const last = (at: number, size: number) => Math.floor(at / (size + gap));
  const [left, right] = [first(Math.min(x1, x2), width), last(Math.max(x1, x2), width)];
  const [top, bottom] = [first(Math.min(y1, y2), height), last(Math.max(y1, y2), height)];
  const cells: number[] = [];
  for (let row = top; row <= bottom; ++row) {
    for (let column = left; column <= Math.min(right, numColumns - 1); ++column) {
      const index = row * numColumns + column;
      if (index < total) cells.push(index);
    }
  }
  return cells;
}
