import { afterEach, expect, it } from 'vitest';

import { setLanguage, t, tName } from '.';
import en from './en.json';

afterEach(() => setLanguage('en', en));

it('fills in values, groups numbers and knows one from many', () => {
  expect(t('review.confirm', { code: 'D012' })).toBe('It is D012');
  expect(t('home.failed_photos', { n: 1 })).toBe('1 photo could not be searched');
  expect(t('home.failed_photos', { n: 12_345 })).toBe('12,345 photos could not be searched');
});

it('takes another language and falls back to English', () => {
  setLanguage('de', { act: { undo: 'Rückgängig' } });
  expect([t('act.undo'), t('act.close')]).toEqual(['Rückgängig', 'Close']);
});

it('shows a name it does not know as it is', () => {
  expect([tName('tier', 'nobody'), tName('tier', 'odd')]).toEqual(['Nobody known', 'odd']);
});
