// Several people: users, roles, who decided what. Last, for from then on everybody logs in.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, axeFindings, newPage, until } from './support.mjs';

const password = 'long enough 12';

export function testUsers(world) {
  const logIn = async (page, name) => {
    await page.goto('/login');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.brand').waitFor();
  };

  describe('users', () => {
    it('the first one is the administrator, who adds a reviewer', async () => {
      const page = world.page();
      await page.goto('/users');
      await page.getByLabel('Name').fill('anna');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Add' }).click();
      await page.getByRole('button', { name: /log in/i }).waitFor();
      await logIn(page, 'anna');
      await page.goto('/users');
      await page.getByLabel('Name').fill('Björn 鰭');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Add' }).click();
      await page.getByText('Björn 鰭').first().waitFor();
      assert.deepEqual(await axeFindings(page), []);
      const { rows } = await ask(page, '/api/users');
      assert.deepEqual(rows.map((one) => one.name).sort(), ['Björn 鰭', 'anna']);
    });

    it('what each decides carries the own name', async () => {
      const other = await newPage(world.browser(), world.server().address);
      await logIn(other.page, 'Björn 鰭');
      const { rows } = await ask(other.page, '/api/decisions?limit=50');
      const last = rows.find((one) => one.kind !== 'undo' && !one.undone_by && one.fins.length);
      await other.page.goto('/history');
      await other.page
        .locator('li', { hasText: `#${last.id} ` })
        .getByRole('button', { name: 'Undo' })
        .click();
      const newest = async () => (await ask(other.page, '/api/decisions?limit=1')).rows[0];
      await until('the undo', async () => (await newest()).undoes === last.id);
      assert.equal((await newest()).who, 'Björn 鰭');
      await other.page.context().close();
    });
  });
}
