import { onBeforeUnmount, onMounted, ref } from 'vue';
import { type Router, useRouter } from 'vue-router';

import { queryClient } from '@/api/query';
import { isOver, type Task, taskQuery } from '@/api/tasks';
import { taskGoal, taskTitle } from '@/logic/task_text';
import { t } from '@/texts';

import { useNotices } from './useNotices';
import { useSystemNotice } from './useSystemNotice';

export type Changed =
  | 'photos'
  | 'fins'
  | 'decisions'
  | 'individuals'
  | 'encounters'
  | 'map'
  | 'duplicates';
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

/** That a task is over; of several that follow each other only the last one, or what failed. */
function tellEnd(task: Task, wasSeen: boolean, router: Router): void {
  const [notices, system] = [useNotices(), useSystemNotice()];
  const name = taskTitle(task);
  if (task.state === 'failed') {
    const text = t('tasks.said_failed', { name, reason: task.reason });
    notices.fail(new Error(text));
    system.say(text);
  } else if (wasSeen && task.state === 'done' && task.then.length === 0) {
    const goal = taskGoal(task);
    const run = () => void router.push(goal?.to ?? `/tasks/${task.id}`);
    notices.say(t('tasks.said_done', { name }), { text: goal?.text ?? t('act.open'), run });
    system.say(t('tasks.said_done', { name }));
  }
}

function onTask(task: Task, router: Router): void {
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
  if (isOver(task) && !(before && isOver(before))) tellEnd(task, before !== undefined, router);
}

/** Listens to the server for as long as the app is open, and keeps what was fetched fresh. */
export function useServerEvents() {
  const router = useRouter();
  let source: EventSource | null = null;
  onMounted(() => {
    if (typeof EventSource === 'undefined') return;
    source = new EventSource('/api/events');
    source.addEventListener('task', (event) => onTask(JSON.parse(event.data) as Task, router));
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
