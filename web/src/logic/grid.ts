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
