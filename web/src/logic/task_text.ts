import type { Task } from '@/api/tasks';
import { tName } from '@/texts';

/** A task's name; of those without one of their own, what they do. */
export function taskTitle(task: Task): string {
  return task.name && task.name !== task.kind ? task.name : tName('kind', task.kind);
}
