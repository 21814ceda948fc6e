import { computed, reactive } from 'vue';

/** How the pictures of a comparison are shown; shared by all of them so that they move together. */
export interface View {
  scale: number;
  /** The shift of the picture's center, in parts of the frame. */
  x: number;
  y: number;
  flipped: boolean;
  brightness: number;
  contrast: number;
}

const start: View = { scale: 1, x: 0, y: 0, flipped: false, brightness: 1, contrast: 1 };
const maxScale = 12;

export function useView() {
  const view = reactive<View>({ ...start });

  function keepInside(): void {
    const most = (view.scale - 1) / 2 + 0.25;
    view.x = Math.max(-most, Math.min(most, view.x));
    view.y = Math.max(-most, Math.min(most, view.y));
  }

  return {
    view,
    isChanged: computed(() => JSON.stringify(view) !== JSON.stringify(start)),
    /** Zooms so that the point (in parts of the frame from its center) stays where it is. */
    zoom(factor: number, x = 0, y = 0): void {
      const scale = Math.max(1, Math.min(maxScale, view.scale * factor));
      const real = scale / view.scale;
      view.x = x - (x - view.x) * real;
      view.y = y - (y - view.y) * real;
      view.scale = scale;
      keepInside();
    },
    pan(dx: number, dy: number): void {
      view.x += dx;
      view.y += dy;
      keepInside();
    },
    reset: () => Object.assign(view, start),
    /** Back to the whole picture; light stays, for the next pair is of the same day. */
    center: () => Object.assign(view, { scale: 1, x: 0, y: 0 }),
  };
}

export type ViewControl = ReturnType<typeof useView>;
