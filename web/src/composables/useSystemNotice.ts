import { ref } from 'vue';

const isThere = typeof Notification !== 'undefined';
const permission = ref(isThere ? Notification.permission : 'denied');

/** Notices of the system, for those who look elsewhere; only where a person allowed them. */
export function useSystemNotice() {
  return {
    /** default = nobody has been asked yet */
    permission,
    async ask(): Promise<void> {
      permission.value = await Notification.requestPermission();
    },
    say(text: string): void {
      if (permission.value !== 'granted' || !document.hidden) return;
      const notice = new Notification('FinView', { body: text, icon: '/fin.svg' });
      notice.onclick = () => window.focus();
    },
  };
}
