import type { Ref } from 'vue';

import type { CropKind } from '@/api/fins';
import { t } from '@/texts';

import { useKeys } from './useKeys';
import type { ReviewFin } from './useReviewFin';
import type { ReviewQueue } from './useReviewQueue';
import type { ViewControl } from './useView';

interface Desk {
  queue: ReviewQueue;
  review: ReviewFin;
  control: ViewControl;
  mode: Ref<string>;
  hasOutline: Ref<boolean>;
  hasLoupe: Ref<boolean>;
  kind: Ref<CropKind>;
  decideOn: (kind: 'confirm' | 'reject' | 'unsure' | 'discard', withGroup?: boolean) => void;
  undo: () => void;
  openNew: () => void;
  openOther: () => void;
}

const kinds: CropKind[] = ['photo', 'enhanced', 'masked'];

/** What the keys do on the review page. */
export function useReviewKeys(desk: Desk): void {
  const { queue, review, control, mode, hasOutline, hasLoupe, kind, decideOn } = desk;
  const toggle = (name: string) => (mode.value = mode.value === name ? 'side' : name);
  useKeys([
    { keys: ['Enter'], text: t('review.key.confirm'), run: () => decideOn('confirm') },
    { keys: ['shift+Enter'], text: t('review.key.group'), run: () => decideOn('confirm', true) },
    { keys: ['ArrowRight'], text: t('review.key.next'), run: () => review.step(1) },
    { keys: ['ArrowLeft'], text: t('review.key.previous'), run: () => review.step(-1) },
    {
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      text: t('review.key.number'),
      run: (event) => review.select(Number(event.key) - 1),
    },
    { keys: ['ArrowDown'], text: t('review.key.picture'), run: () => review.stepPicture(1) },
    { keys: ['ArrowUp'], text: t('review.key.picture_back'), run: () => review.stepPicture(-1) },
    { keys: ['n'], text: t('review.key.reject'), run: () => decideOn('reject') },
    { keys: ['i'], text: t('review.key.new'), run: desk.openNew },
    { keys: ['a'], text: t('review.key.other'), run: desk.openOther },
    { keys: ['u'], text: t('review.key.unsure'), run: () => decideOn('unsure') },
    { keys: ['x'], text: t('review.key.discard'), run: () => decideOn('discard') },
    { keys: ['z', 'ctrl+z'], text: t('review.key.undo'), run: desk.undo },
    { keys: ['j', 'PageDown'], text: t('review.key.later'), run: () => queue.move(1) },
    { keys: ['k', 'PageUp'], text: t('review.key.back'), run: () => queue.move(-1) },
    { keys: ['s'], text: t('review.key.side'), run: () => (mode.value = 'side') },
    { keys: ['v'], text: t('review.key.overlay'), run: () => toggle('overlay') },
    { keys: ['w'], text: t('review.key.why'), run: () => toggle('why') },
    {
      keys: ['f'],
      text: t('review.key.flip'),
      run: () => (control.view.flipped = !control.view.flipped),
    },
    {
      keys: ['o'],
      text: t('review.key.outline'),
      run: () => (hasOutline.value = !hasOutline.value),
    },
    {
      keys: ['l', ' '],
      text: t('review.key.loupe'),
      run: () => (hasLoupe.value = !hasLoupe.value),
    },
    {
      keys: ['e'],
      text: t('review.key.kind'),
      run: () => (kind.value = kinds[(kinds.indexOf(kind.value) + 1) % kinds.length] as CropKind),
    },
    { keys: ['+', '='], text: t('review.key.zoom'), run: () => control.zoom(1.4) },
    { keys: ['-'], text: t('review.key.zoom_out'), run: () => control.zoom(1 / 1.4) },
    { keys: ['0'], text: t('review.key.reset'), run: () => control.reset() },
  ]);
}
