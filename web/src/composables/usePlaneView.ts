import { onScopeDispose, type Ref, ref, watch } from 'vue';

import type { PlaneView } from '@/logic/scatter_gl';

import { usePlace } from './usePlace';

function viewOf(text: string): PlaneView {
  const [x = 0, y = 0, zoom = 0] = text.split(',').map(Number);
  return [x, y, zoom].every(Number.isFinite) ? { x, y, zoom } : { x: 0, y: 0, zoom: 0 };
}

/** What part of a plot is shown, kept in the address a moment after it came to rest. */
export function usePlaneView(name: string): Ref<PlaneView> {
  const place = usePlace(name);
  const view = ref(viewOf(place.value));
  let timer = 0;
  watch(view, ({ x, y, zoom }) => {
    window.clearTimeout(timer);
    const text = [x.toFixed(3), y.toFixed(3), zoom.toFixed(2)].join(',');
    timer = window.setTimeout(() => (place.value = text), 400);
  });
  onScopeDispose(() => window.clearTimeout(timer));
  return view;
}
