// Grids, tables and the map's selection: many at once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, drag, until } from './support.mjs';

export function testLists(world) {
  const notice = (text) => world.page().locator('.notice', { hasText: text }).last();
  const menuItem = (name) => world.page().locator('.v-menu .v-list-item', { hasText: name });

  describe('many at once', () => {
    it('photos are selected by a box and acted upon by the menu', async () => {
      const page = world.page();
      await page.goto('/photos');
      const tile = (at) => page.locator('.tile').nth(at).boundingBox();
      await page.locator('.tile').nth(6).waitFor();
      const [a, b] = [await tile(0), await tile(6)];
      await drag(page, [a.x + 30, a.y + 30], [b.x + 30, b.y + 30]);
      const count = Number.parseInt(await page.locator('.actions strong').textContent(), 10);
      assert.ok(count >= 2, `${count} in the box`);
      await page.locator('.tile').nth(0).click({ button: 'right' });
      await menuItem('Trash').click();
      await notice('in the trash').getByRole('button', { name: 'Undo' }).click();
      const trashed = async () => (await ask(page, '/api/project')).counts.photos_trashed;
      await until('they are back', async () => (await trashed()) === 0);
    });

    it('files go to another area', async () => {
      const page = world.page();
      await page.goto('/files/datasets');
      await page.locator('.tile[aria-label="renamed.csv"]').click({ button: 'right' });
      await menuItem('Move or rename').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('To', { exact: true }).fill('moved.csv');
      await dialog.locator('.v-select').click();
      await page.getByRole('option', { name: 'Outputs' }).click();
      await dialog.getByRole('button', { name: 'Move or rename' }).click();
      await notice('Moved to moved.csv').waitFor();
      const { rows } = await ask(page, '/api/files/outputs');
      assert.ok(rows.some((one) => one.name === 'moved.csv'));
    });

    it('a list of rows in JSON is edited where it stands', async () => {
      const page = world.page();
      const text = '[\n  {"class": "D1", "x": 1.0},\n  {"class": "D2", "x": 2.50}\n]\n';
      await page.goto('/files/datasets');
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Upload' }).click(),
      ]);
      const buffer = Buffer.from(text);
      await chooser.setFiles({ name: 'rows.json', mimeType: 'application/json', buffer });
      await page.locator('.tile[aria-label="rows.json"]').dblclick();
      await page.getByRole('cell', { name: 'D2', exact: true }).click();
      await page.getByRole('button', { name: 'Change a value' }).click();
      await page.getByRole('dialog').getByLabel('New value').fill('D9');
      await page.getByRole('dialog').getByRole('button', { name: 'Change a value' }).click();
      await notice('is D9 now').waitFor();
      const url = '/api/files/datasets/content?path=rows.json';
      const written = await page.evaluate(async (at) => (await fetch(at)).text(), url);
      assert.equal(written, text.replace('D2', 'D9'));
    });

    it('batch edit of any field on a selection, with undo', async () => {
      const page = world.page();
      await page.goto('/individuals');
      await page.locator('.card input').nth(1).waitFor();
      await page.locator('.card input').nth(0).click();
      await page.locator('.card input').nth(1).click();
      await page.getByRole('button', { name: 'Change fields' }).click();
      await page.getByRole('dialog').locator('.v-select').first().click();
      await page.getByRole('option', { name: 'Female', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Add to the notes').fill('biopsied');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      const females = async () => (await ask(page, '/api/individuals?sex=female')).rows;
      await until('both', async () => (await females()).length === 2);
      assert.ok((await females()).every((one) => one.notes.includes('biopsied')));
      await notice('were changed').getByRole('button', { name: 'Undo' }).click();
      await until('the undo', async () => (await females()).length === 0);
    });
  });

  describe('a lasso on the map', () => {
    const lasso = async (page) => {
      await page.goto('/map');
      await page.locator('.legend button').first().waitFor();
      await page.waitForTimeout(500);
      const { x, y, width, height } = await page.locator('canvas').boundingBox();
      const right = x + width * 0.99;
      const bottom = y + height * 0.99;
      await drag(page, [x + 5, y + 5], [right, y + 5], [right, bottom], [x + 5, bottom]);
      await page.getByText(/\d+ fins selected/).waitFor();
    };

    it('compares its fins side by side, as overlay, and says why', async () => {
      const page = world.page();
      await lasso(page);
      await page.getByRole('button', { name: 'Compare' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('.frame img').nth(1).waitFor();
      assert.equal(await dialog.locator('.frame img').count(), 2);
      const second = () => dialog.locator('.frame img').nth(1).getAttribute('src');
      const was = await second();
      await dialog.locator('.others button').nth(2).click();
      await until('another fin', async () => (await second()) !== was);
      await dialog.getByRole('button', { name: 'Overlay' }).click();
      await dialog.getByRole('button', { name: 'Close' }).click();
    });

    it('is kept as a table, whose classes can be edited and restored', async () => {
      const page = world.page();
      await lasso(page);
      await page.getByRole('button', { name: 'Keep as table' }).click();
      await page.getByRole('dialog').getByLabel('Name of the table').fill('heap');
      await page.getByRole('dialog').getByRole('button', { name: 'Keep as table' }).click();
      await notice('heap.csv is among the datasets').getByRole('button', { name: 'Open' }).click();
      await page.locator('tbody tr').nth(2).waitFor();
      await page.locator('tbody tr').nth(0).click();
      await page
        .locator('tbody tr')
        .nth(2)
        .click({ modifiers: ['Shift'] });
      await page.getByRole('button', { name: 'Change a value' }).click();
      await page.getByRole('dialog').getByLabel('New value').fill('D777');
      await page.getByRole('dialog').getByRole('button', { name: 'Change a value' }).click();
      const classes = async () => {
        // While the table is written anew there is none.
        const { rows = [] } = await ask(page, '/api/datasets/table?path=heap.csv');
        return rows.map((row) => row[1]);
      };
      const numChanged = async () => (await classes()).filter((one) => one === 'D777').length;
      await until('the change', async () => (await numChanged()) === 3);
      await notice('is D777 now').getByRole('button', { name: 'Undo' }).click();
      await until('the undo', async () => {
        const now = await classes();
        return now.length > 0 && !now.includes('D777');
      });
    });
  });
}
