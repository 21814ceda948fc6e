import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';

/** Width and height of an element's inside, in pixels, as they are now. */
export function useSize(element: Readonly<Ref<Element | null>>) {
  const size = ref({ width: 0, height: 0 });
  const observer = new ResizeObserver(([entry]) => {
    if (entry) size.value = { width: entry.contentRect.width, height: entry.contentRect.height };
  });
  onMounted(() => element.value && observer.observe(element.value));
  onBeforeUnmount(() => observer.disconnect());
  return size;
}
