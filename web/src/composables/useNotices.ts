import { readonly, ref } from 'vue';

import { errorText } from '@/api/error';

export interface Notice {
  id: number;
  text: string;
  kind: 'info' | 'success' | 'error';
  action?: { text: string; run: () => void };
}

const notices = ref<Notice[]>([]);
let lastId = 0;

function show(notice: Omit<Notice, 'id'>): void {
  notices.value = [...notices.value.slice(-2), { ...notice, id: ++lastId }];
}

/** Short messages at the bottom of the page, the same list for every page. */
export function useNotices() {
  return {
    notices: readonly(notices),
    say: (text: string, action?: Notice['action']) => show({ text, kind: 'success', action }),
    fail: (error: unknown) => show({ text: errorText(error), kind: 'error' }),
    close: (id: number) => (notices.value = notices.value.filter((one) => one.id !== id)),
  };
}
