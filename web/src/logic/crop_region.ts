export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface BoxPx {
  left_px: number;
  top_px: number;
  right_px: number;
  bottom_px: number;
}

const margin = 0.15;

/**
 * The part of the photo that a fin's crop shows: the same as `fin_region` of finview/crop/cut.h with
 * its usual margin.
 */
export function cropRegion(box: BoxPx, photo: { width_px: number; height_px: number }): Region {
  const grown = margin * Math.max(box.right_px - box.left_px, box.bottom_px - box.top_px);
  const left = Math.max(0, Math.floor(box.left_px - grown));
  const top = Math.max(0, Math.floor(box.top_px - grown));
  const right = Math.min(photo.width_px, Math.ceil(box.right_px + grown));
  const bottom = Math.min(photo.height_px, Math.ceil(box.bottom_px + grown));
  return { left, top, width: right - left, height: bottom - top };
}
