// Two individuals that are one are found, kept apart, and made one.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, axeFindings, change, until } from './support.mjs';

export function testDuplicates(world) {
  const pairs = async (page) => (await ask(page, '/api/duplicates/pairs')).rows;

  describe('suspected duplicates', () => {
    let whole, part;

    it('an individual that was split in two is found', async () => {
      const page = world.page();
      await page.goto('/');
      const { rows } = await ask(page, '/api/individuals?sort=fins&descending=true&limit=1');
      [whole] = rows;
      const { rows: fins } = await ask(page, `/api/fins?individual=${whole.id}&limit=100`);
      const half = fins.filter((_, at) => at % 2).map((fin) => fin.id);
      const split = await change(page, '/api/decisions', { kind: 'split', fins: half });
      part = { id: split.individual, code: split.individual_code };
      await page.goto('/individuals');
      await page.getByRole('link', { name: 'Suspected duplicates' }).click();
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await page
        .locator('[data-pair]', { hasText: part.code })
        .filter({ hasText: whole.code })
        .waitFor({ timeout: 120_000 });
      assert.deepEqual(await axeFindings(page), []);
    });

    it('the pair is told on the page of each, and compared', async () => {
      const page = world.page();
      await page.goto(`/individuals/${part.id}`);
      await page.getByText(`May be the same as ${whole.code}`).click();
      const card = page.locator('[data-pair]', { hasText: part.code });
      await card.getByRole('button', { name: 'Compare' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('.frame img').nth(1).waitFor();
      for (const code of [part.code, whole.code]) {
        await dialog.locator('.pane-head', { hasText: code }).waitFor();
      }
      await dialog.getByRole('button', { name: 'Close' }).click();
    });

    it('"not the same" settles it until it is taken back', async () => {
      const page = world.page();
      const card = page.locator('[data-pair]', { hasText: part.code });
      await card.getByRole('button', { name: 'Not the same' }).click();
      await card.waitFor({ state: 'detached' });
      const codes = (await pairs(page)).flatMap(({ first, second }) => [first.code, second.code]);
      assert.ok(!codes.includes(part.code));
      await page.locator('.notice').last().getByRole('button', { name: 'Undo' }).click();
      await card.waitFor();
    });

    it('merged, it is gone', async () => {
      const page = world.page();
      const card = page.locator('[data-pair]', { hasText: part.code });
      await card.getByRole('button', { name: 'Merge' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('heading', { name: part.code }).waitFor();
      await dialog.getByRole('button', { name: 'Merge' }).click();
      await card.waitFor({ state: 'detached' });
      const merged = async () => (await ask(page, `/api/individuals/${whole.id}`)).num_fins;
      await until('all its fins', async () => (await merged()) === whole.num_fins);
    });
  });
}
