import { onBeforeUnmount, onMounted, ref } from 'vue';

import { queryClient } from '@/api/query';
import { isOver, type Task, taskQuery } from '@/api/tasks';
import { taskTitle } from '@/logic/task_text';
import { t } from '@/texts';

import { useNotices } from './useNotices';

export type Changed = 'photos' | 'fins' | 'decisions' | 'individuals' | 'encounters' | 'map';
type Listener = (changed: Set<string>) => void;

const listeners = new Set<Listener>();
const isConnected = ref(true);
let changed = new Set<string>();
let timer = 0;

/** Many changes in a row are told as one: at most one refresh each half second. */
function tell(names: string[]): void {
  names.forEach((name) => changed.add(name));
  if (timer) return;
  timer = window.setTimeout(() => {
    const told = changed;
    [changed, timer] = [new Set(), 0];
    for (const name of [...told, 'project']) {
      // What a person is looking at in the review is refreshed by the review itself.
      const isActive = name !== 'fins';
      void queryClient.invalidateQueries({
        queryKey: [name],
        refetchType: isActive ? 'active' : 'none',
      });
    }
    listeners.forEach((listener) => listener(told));
  }, 500);
}

function onTask(task: Task, notices: ReturnType<typeof useNotices>): void {
  const before = queryClient.getQueryData(taskQuery(task.id).queryKey);
  queryClient.setQueryData(taskQuery(task.id).queryKey, task);
  queryClient.setQueriesData<{ rows: Task[]; total: number }>(
    { queryKey: ['tasks', 'list'] },
    (page) => page && { ...page, rows: page.rows.map((one) => (one.id === task.id ? task : one)) },
  );
  if (before?.state === task.state) return;
  void queryClient.invalidateQueries({ queryKey: ['tasks', 'list'] });
  void queryClient.invalidateQueries({ queryKey: ['uploads'] });
  tell(['files']);
  if (!isOver(task) || (before && isOver(before))) return;
  if (task.state === 'failed')
    notices.fail(new Error(t('tasks.said_failed', { name: taskTitle(task), reason: task.reason })));
  else if (before && task.state === 'done')
    notices.say(t('tasks.said_done', { name: taskTitle(task) }));
}

/** Listens to the server for as long as the app is open, and keeps what was fetched fresh. */
export function useServerEvents() {
  const notices = useNotices();
  let source: EventSource | null = null;
  onMounted(() => {
    if (typeof EventSource === 'undefined') return;
    source = new EventSource('/api/events');
    source.addEventListener('task', (event) => onTask(JSON.parse(event.data) as Task, notices));
    source.addEventListener('catalogue', (event) =>
      tell((JSON.parse(event.data) as { changed: string[] }).changed),
    );
    source.onerror = () => (isConnected.value = false);
    source.onopen = () => {
      if (!isConnected.value) void queryClient.invalidateQueries();
      isConnected.value = true;
    };
  });
  onBeforeUnmount(() => source?.close());
  return { isConnected };
}

/** Runs when rows of these tables were changed, by whomever. */
export function useChanges(names: (Changed | 'files')[], run: () => void): void {
  const listener: Listener = (told) => {
    if (names.some((name) => told.has(name))) run();
  };
  onMounted(() => listeners.add(listener));
  onBeforeUnmount(() => listeners.delete(listener));
}
