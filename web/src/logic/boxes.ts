export interface BoxPx {
  left_px: number;
  top_px: number;
  right_px: number;
  bottom_px: number;
}

export interface PhotoSize {
  width_px: number;
  height_px: number;
}

/** What part of a box is dragged: the whole, or the sides named: "nw" = top and left. */
export type Handle = 'move' | 'n' | 's' | 'w' | 'e' | 'nw' | 'ne' | 'sw' | 'se';
export const handles: Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** The server takes no smaller ones. */
const leastPx = 8;

const between = (low: number, value: number, high: number) => Math.max(low, Math.min(high, value));

/** The box after its handle was dragged; never smaller than allowed, never beyond the photo. */
export function dragBox(
  box: BoxPx,
  handle: Handle,
  dx: number,
  dy: number,
  photo: PhotoSize,
): BoxPx {
  if (handle === 'move') {
    const x = between(-box.left_px, dx, photo.width_px - box.right_px);
    const y = between(-box.top_px, dy, photo.height_px - box.bottom_px);
    return {
      left_px: box.left_px + x,
      top_px: box.top_px + y,
      right_px: box.right_px + x,
      bottom_px: box.bottom_px + y,
    };
  }
  const next = { ...box };
  if (handle.includes('w')) next.left_px = between(0, box.left_px + dx, box.right_px - leastPx);
  if (handle.includes('e')) {
    next.right_px = between(box.left_px + leastPx, box.right_px + dx, photo.width_px);
  }
  if (handle.includes('n')) next.top_px = between(0, box.top_px + dy, box.bottom_px - leastPx);
  if (handle.includes('s')) {
    next.bottom_px = between(box.top_px + leastPx, box.bottom_px + dy, photo.height_px);
  }
  return next;
}

/** The box between two corners, or null if it is too small to be meant. */
export function drawnBox(
  from: { x: number; y: number },
  to: { x: number; y: number },
  photo: PhotoSize,
): BoxPx | null {
  const box = {
    left_px: between(0, Math.min(from.x, to.x), photo.width_px),
    top_px: between(0, Math.min(from.y, to.y), photo.height_px),
    right_px: between(0, Math.max(from.x, to.x), photo.width_px),
    bottom_px: between(0, Math.max(from.y, to.y), photo.height_px),
  };
  const isLarge = box.right_px - box.left_px >= leastPx && box.bottom_px - box.top_px >= leastPx;
  return isLarge ? box : null;
}

/** Where a handle sits on its box. */
export function handleAt(box: BoxPx, handle: Handle): { x: number; y: number } {
  const x = handle.includes('w')
    ? box.left_px
    : handle.includes('e')
      ? box.right_px
      : (box.left_px + box.right_px) / 2;
  const y = handle.includes('n')
    ? box.top_px
    : handle.includes('s')
      ? box.bottom_px
      : (box.top_px + box.bottom_px) / 2;
  return { x, y };
}
