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

  function click(index: number, held: { shiftKey: boolean; ctrlKey: boolean; metaKey?: boolean }) {
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

  /** What a box was drawn around; with `add` beside what was selected when it began. */
  function band(indices: number[], add: boolean): void {
    const keys = indices.map(keyAt).filter((key): key is Key => key !== undefined);
    selected.value = new Set(add ? [...selected.value, ...keys] : keys);
  }

  /** Where the menu of the selection is open. */
  const menuAt = shallowRef<[number, number] | null>(null);

  /** Of what is selected, if the item is one of it; else of the item. */
  function openMenu(index: number, at: [number, number]): void {
    const key = keyAt(index);
    if (key === undefined) return;
    if (!selected.value.has(key)) click(index, { shiftKey: false, ctrlKey: false, metaKey: false });
    menuAt.value = at;
  }

  return {
    selected,
    menuAt,
    openMenu,
    band,
    num: computed(() => selected.value.size),
    click,
    toggle,
    set: (keys: Iterable<Key>) => (selected.value = new Set(keys)),
    clear: () => (selected.value = new Set()),
  };
}
