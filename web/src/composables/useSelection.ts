import { computed, shallowRef } from 'vue';

/**
 * Which of a list's items are selected, as in a file manager: a click takes one, ctrl adds or
 * takes away, shift takes the range from the last one.
 */
export function useSelection<Key>(keyAt: (index: number) => Key | undefined) {
  const selected = shallowRef(new Set<Key>());
  let anchor = 0;

  function range(from: number, to: number): Key[] {
    const keys: Key[] = [];
    for (let index = Math.min(from, to); index <= Math.max(from, to); ++index) {
      const key = keyAt(index);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  function toggle(index: number): void {
    const key = keyAt(index);
    if (key === undefined) return;
    const next = new Set(selected.value);
    if (!next.delete(key)) next.add(key);
    selected.value = next;
    anchor = index;
  }

  function click(index: number, held: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }) {
    if (held.shiftKey) {
      const kept = held.ctrlKey || held.metaKey ? [...selected.value] : [];
      selected.value = new Set([...kept, ...range(anchor, index)]);
    } else if (held.ctrlKey || held.metaKey) {
      toggle(index);
    } else {
      selected.value = new Set(range(index, index));
      anchor = index;
    }
  }

  return {
    selected,
    num: computed(() => selected.value.size),
    click,
    toggle,
    set: (keys: Iterable<Key>) => (selected.value = new Set(keys)),
    clear: () => (selected.value = new Set()),
  };
}
