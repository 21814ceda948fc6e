import type { Task } from '@/api/tasks';
import { t, tName } from '@/texts';

/** A task's name; of those without one of their own, what they do. */
export function taskTitle(task: Task): string {
  return task.name && task.name !== task.kind ? task.name : tName('kind', task.kind);
}

/** Where to go on after a task that is done. */
export function taskGoal(task: Task): { to: string; text: string } | undefined {
  const goals: Record<string, { to: string; text: string }> = {
    import: { to: '/photos', text: t('tasks.see_photos') },
    find: { to: '/photos', text: t('tasks.see_photos') },
    identify: { to: '/review', text: t('tasks.see_review') },
    map: { to: '/map', text: t('tasks.see_map') },
    export: { to: '/files/outputs', text: t('tasks.see_outputs') },
    evaluate: { to: '/files/outputs', text: t('tasks.see_outputs') },
    archive: { to: '/files/outputs', text: t('tasks.see_outputs') },
  };
  return task.state === 'done' ? goals[task.kind] : undefined;
}
