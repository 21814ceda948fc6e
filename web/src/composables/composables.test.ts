import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { defineComponent, effectScope, ref } from 'vue';

import { useKeys } from './useKeys';
import { useRows } from './useRows';
import { useSelection } from './useSelection';
import { useView } from './useView';

describe('useSelection', () => {
  const none = { shiftKey: false, ctrlKey: false, metaKey: false };
  const make = () => useSelection((index) => (index < 10 ? 100 + index : undefined));

  it('takes one, a range with shift, and single ones with ctrl', () => {
    const { selected, click } = make();
    click(2, none);
    click(5, { ...none, shiftKey: true });
    expect([...selected.value]).toEqual([102, 103, 104, 105]);
    click(3, { ...none, ctrlKey: true });
    expect([...selected.value]).toEqual([102, 104, 105]);
    click(8, none);
    expect([...selected.value]).toEqual([108]);
  });
  it('leaves out rows that are not loaded', () => {
    const { selected, click } = make();
    click(8, none);
    click(12, { ...none, shiftKey: true });
    expect([...selected.value]).toEqual([108, 109]);
  });
});

describe('useRows', () => {
  const page = (offset: number, limit: number, total: number) => ({
    rows: Array.from(
      { length: Math.max(0, Math.min(limit, total - offset)) },
      (_, i) => offset + i,
    ),
    total,
  });

  it('fetches only the parts that are seen and the one that comes next, each once', async () => {
    const fetchRows = vi.fn(async (offset: number, limit: number) => page(offset, limit, 100_000));
    const list = effectScope().run(() => useRows(() => 'a', fetchRows))!;
    await flushPromises();
    list.want(50_050, 50_120);
    list.want(50_060, 50_130);
    await flushPromises();
    expect(fetchRows.mock.calls.map((call) => call[0])).toEqual([0, 100, 50_000, 50_100, 50_200]);
    expect(list.rowAt(50_101)).toBe(50_101);
    expect(list.rowAt(700)).toBeUndefined();
  });

  it('forgets answers to a question that was changed', async () => {
    const key = ref('slow');
    const answers: ((value: { rows: number[]; total: number }) => void)[] = [];
    const list = effectScope().run(() =>
      useRows(
        () => key.value,
        () => new Promise<{ rows: number[]; total: number }>((resolve) => answers.push(resolve)),
      ),
    )!;
    key.value = 'new';
    await flushPromises();
    answers[1]?.({ rows: [2], total: 1 });
    answers[0]?.({ rows: [1], total: 1 });
    await flushPromises();
    expect(list.rowAt(0)).toBe(2);
  });

  it('says what went wrong and can be asked again', async () => {
    let fails = true;
    const list = effectScope().run(() =>
      useRows(
        () => 1,
        async (offset, limit) => {
          if (fails) throw new Error('lost');
          return page(offset, limit, 3);
        },
      ),
    )!;
    await flushPromises();
    expect(list.error.value).toEqual(new Error('lost'));
    fails = false;
    await list.refresh();
    expect([list.error.value, list.total.value]).toEqual([null, 3]);
  });
});

describe('useKeys', () => {
  const run = vi.fn();
  const Page = defineComponent({
    setup: () => useKeys([{ keys: ['n', 'shift+Enter'], text: 'no', run }]),
    template: '<input /><button>b</button>',
  });
  const press = (target: EventTarget, key: string, more = {}) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));

  it('hears keys unless somebody types, and no more once the page is left', () => {
    const page = mount(Page, { attachTo: document.body });
    press(document.body, 'n');
    press(document.body, 'Enter', { shiftKey: true });
    expect(run).toHaveBeenCalledTimes(2);
    press(page.find('input').element, 'n');
    press(document.body, 'n', { ctrlKey: true });
    press(document.body, 'Enter');
    expect(run).toHaveBeenCalledTimes(2);
    page.unmount();
    press(document.body, 'n');
    expect(run).toHaveBeenCalledTimes(2);
  });
});

it('zooms around the pointer', () => {
  const { view, zoom, pan } = useView();
  zoom(2, 0.25, -0.1);
  // The picture's point under the pointer was (0.25, -0.1) from the center and must still be there.
  expect(view.x + 0.25 * view.scale).toBeCloseTo(0.25);
  expect(view.y - 0.1 * view.scale).toBeCloseTo(-0.1);
  pan(99, 0);
  expect(view.x).toBeLessThan(1);
});
