import { expect, it } from 'vitest';

import type { Task } from '@/api/tasks';

import { taskRate, timeLeft } from './task_text';

it('says no speed and no time left while they would be a guess', () => {
  const task = (done: number, rate_per_s: number, seconds_left: number | null) =>
    ({ state: 'running', done, rate_per_s, seconds_left }) as Task;
  expect(taskRate(task(4000, 4000, 2))).toBe(0); // one second
  expect(timeLeft(task(4000, 4000, 60))).toBe('');
  expect(taskRate(task(9, 1, 60))).toBe(0); // nine items
  expect(taskRate(task(20, 2, 60))).toBe(2);
  expect(timeLeft(task(20, 2, 60))).toBe('60 s');
  expect(timeLeft(task(20, 2, 0.2))).toBe('');
  expect(timeLeft({ ...task(20, 2, 60), state: 'paused' })).toBe('');
  expect(timeLeft(task(20, 2, null))).toBe('');
});
