import { onBeforeUnmount, onMounted } from 'vue';

import { drawFirst } from '@/logic/draw_first';

export interface Key {
  /** As KeyboardEvent.key says it, letters small; "shift+a" and "ctrl+a" with these held. */
  keys: string[];
  text: string;
  run: (event: KeyboardEvent) => void;
}

const tables: Key[][] = [];

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.closest) return false;
  const field = element.closest('input, textarea, select, [contenteditable="true"]');
  if (field === null || ['range', 'checkbox'].includes((field as HTMLInputElement).type))
    return false;
  // A dialog that is closing keeps the focus until it has faded; nobody types into it any more.
  const overlay = field.closest('.v-overlay');
  return overlay === null || overlay.classList.contains('v-overlay--active');
}

/** A button or link that has the focus keeps Enter and Space to itself. */
function isPressing(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement | null;
  const control = element?.closest?.('button, a[href], [role="button"], [role="tab"]');
  return Boolean(control) && (event.key === 'Enter' || event.key === ' ');
}

export function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const withShift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return (event.ctrlKey || event.metaKey ? 'ctrl+' : '') + (withShift ? 'shift+' : '') + key;
}

function isDialogOpen(): boolean {
  return (
    document.querySelector('.v-overlay--active[role="dialog"], .v-dialog.v-overlay--active') !==
    null
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || isTyping(event.target) || isPressing(event)) return;
  if (isDialogOpen()) return;
  const name = nameOf(event);
  for (const table of [...tables].reverse()) {
    const key = table.find((one) => one.keys.includes(name));
    if (!key) continue;
    event.preventDefault();
    drawFirst();
    key.run(event);
    return;
  }
}

/** Binds keys while the component is shown; the innermost component wins. */
export function useKeys(table: Key[]): void {
  onMounted(() => {
    if (tables.length === 0) window.addEventListener('keydown', onKey);
    tables.push(table);
  });
  onBeforeUnmount(() => {
    tables.splice(tables.indexOf(table), 1);
    if (tables.length === 0) window.removeEventListener('keydown', onKey);
  });
}

/** What the keys do now, innermost first. */
export function boundKeys(): Key[] {
  return [...tables].reverse().flat();
}
