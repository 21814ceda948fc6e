import { ref } from 'vue';

import { boundKeys, type Key } from './useKeys';

const isOpen = ref(false);
const keys = ref<Key[]>([]);

/** The list of what the keys do on this page. */
export function useKeysDialog() {
  return {
    isOpen,
    keys,
    open(): void {
      keys.value = boundKeys().filter((key) => key.text);
      isOpen.value = true;
    },
  };
}
