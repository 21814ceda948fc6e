import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent } from 'vue';

import { decide, undo } from '@/api/decisions';
import { ApiError } from '@/api/error';
import { type Fin, listFins } from '@/api/fins';
import { queryClient } from '@/api/query';

import { useDecide } from './useDecide';
import { useReviewQueue } from './useReviewQueue';

vi.mock('@/api/decisions', () => ({ decide: vi.fn(), undo: vi.fn() }));
vi.mock('@/api/fins', async (original) => ({
  ...(await original<typeof import('@/api/fins')>()),
  listFins: vi.fn(),
}));

const fin = (id: number) => ({ id, last_decision: null, first_candidate: 7 }) as unknown as Fin;
let lastId = 0;

async function desk(ids: number[]) {
  vi.mocked(listFins).mockResolvedValue({ rows: ids.map(fin), total: ids.length });
  let made!: { queue: ReturnType<typeof useReviewQueue>; desk: ReturnType<typeof useDecide> };
  const Page = defineComponent({
    setup() {
      const queue = useReviewQueue(() => ({ review: ['waiting'] }));
      made = { queue, desk: useDecide(queue) };
      return () => null;
    },
  });
  mount(Page);
  await flushPromises();
  return made;
}

beforeEach(() => {
  vi.mocked(decide).mockReset();
  vi.mocked(decide).mockImplementation(async (wish) => ({ id: ++lastId, ...wish }) as never);
  vi.mocked(undo).mockImplementation(async () => ({ id: ++lastId }) as never);
  vi.spyOn(queryClient, 'fetchQuery').mockImplementation(async () => fin(1) as never);
});

describe('useDecide', () => {
  it('moves on before the server has answered', async () => {
    const { queue, desk: d } = await desk([1, 2, 3]);
    void d.make([fin(1)], { kind: 'confirm', individual: 7 });
    expect([queue.current.value?.id, queue.total.value]).toEqual([2, 2]);
  });

  it('tells the server one after the other, each knowing the one before', async () => {
    const { desk: d } = await desk([1, 2]);
    void d.make([fin(1)], { kind: 'reject', individual: 7 });
    void d.make([fin(1)], { kind: 'confirm', individual: 8 });
    await flushPromises();
    const seen = vi.mocked(decide).mock.calls.map(([wish]) => wish.seen);
    expect(seen).toEqual([[null], [lastId - 1]]);
  });

  it('keeps a fin that was rejected in the queue', async () => {
    const { queue, desk: d } = await desk([1, 2]);
    await d.make([fin(1)], { kind: 'reject', individual: 7 });
    expect(queue.current.value?.id).toBe(1);
  });

  it('puts back what the server refuses, and asks what to do in a conflict', async () => {
    vi.mocked(decide).mockRejectedValueOnce(new ApiError(409, 'Conflict', 'Ana decided.'));
    const { queue, desk: d } = await desk([1, 2]);
    await d.make([fin(1)], { kind: 'confirm', individual: 7 });
    expect(queue.current.value?.id).toBe(1);
    expect(d.conflict.value?.error.message).toBe('Ana decided.');
    d.decideAnyway();
    await flushPromises();
    expect(vi.mocked(decide).mock.calls.at(-1)?.[0].seen).toBeUndefined();
    expect(queue.current.value?.id).toBe(2);
  });

  it('takes back a decision that is still on its way', async () => {
    const { queue, desk: d } = await desk([1, 2]);
    void d.make([fin(1)], { kind: 'discard' });
    await d.takeBack();
    expect(vi.mocked(undo)).toHaveBeenCalledWith(lastId - 1);
    expect([queue.current.value?.id, queue.fins.value.length]).toEqual([1, 2]);
  });

  it('takes a whole group out at once and stays at its place', async () => {
    const { queue, desk: d } = await desk([1, 2, 3, 4, 5]);
    queue.move(2);
    await d.make([fin(3), fin(1)], { kind: 'confirm', individual: 7 });
    expect(queue.fins.value.map((one) => one.id)).toEqual([2, 4, 5]);
    expect(queue.current.value?.id).toBe(4);
  });
});
