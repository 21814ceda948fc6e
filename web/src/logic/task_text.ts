import type { Task } from '@/api/tasks';
import { duration } from '@/logic/formats';
import { t, tName } from '@/texts';

/** A task's name; of those without one of their own, what they do. */
export function taskTitle(task: Task): string {
  return task.name && task.name !== task.kind ? task.name : tName('kind', task.kind);
}

/** Items a second; 0 while fewer than 10 items or 5 seconds would make it a guess. */
export function taskRate({ done, rate_per_s }: Task): number {
  return done >= 10 && done >= 5 * rate_per_s ? rate_per_s : 0;
}

/** How long a running task still takes; nothing while that would be a guess, or is no time. */
export function timeLeft(task: Task): string {
  const seconds = task.state === 'running' && taskRate(task) > 0 ? task.seconds_left : null;
  return seconds !== null && seconds >= 1 ? duration(seconds) : '';
}

/** Where to go on after a task that is done. */
export function taskGoal(task: Task): { to: string; text: string } | undefined {
  const goals: Record<string, { to: string; text: string }> = {
    import: { to: '/photos', text: t('tasks.see_photos') },
    find: { to: '/photos', text: t('tasks.see_photos') },
    identify: { to: '/review', text: t('tasks.see_review') },
    map: { to: '/map', text: t('tasks.see_map') },
    duplicates: { to: '/individuals/duplicates', text: t('tasks.see_duplicates') },
    export: { to: '/files/outputs', text: t('tasks.see_outputs') },
    evaluate: { to: '/files/outputs', text: t('tasks.see_outputs') },
    archive: { to: '/files/outputs', text: t('tasks.see_outputs') },
  };
  return task.state === 'done' ? goals[task.kind] : undefined;
}
