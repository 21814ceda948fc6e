import { computed, type WritableComputedRef } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';

// Several places may change in one tick; each must see the others' change.
let pending: LocationQueryRaw | null = null;

/** A text in the page's address: kept on reload, shared with the link. Empty is left out. */
export function usePlace(name: string, start = ''): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === 'string' ? value : start;
    },
    set: (value) => {
      const query: LocationQueryRaw = {
        ...(pending ?? route.query),
        [name]: value === start ? undefined : value,
      };
      pending = query;
      void router.replace({ query }).finally(() => (pending = null));
    },
  });
}

/** The same for a number. */
export function useNumberPlace(name: string, start = 0): WritableComputedRef<number> {
  const text = usePlace(name, String(start));
  return computed({
    get: () => (Number.isFinite(Number(text.value)) ? Number(text.value) : start),
    set: (value) => (text.value = String(value)),
  });
}
