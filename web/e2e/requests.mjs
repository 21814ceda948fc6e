// What users of such programs ask for and nobody has, each in the words of its request.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, change, drag, taskDone, until } from './support.mjs';

export function testRequests(world) {
  const notice = (page, text) => page.locator('.notice', { hasText: text }).last();
  const waiting = async (page) => (await ask(page, '/api/fins?review=waiting&limit=100')).rows;
  const candidates = async (page, fin) => (await ask(page, `/api/fins/${fin}/candidates`)).rows;
  const compared = ['certain', 'likely', 'unsure'];
  const newest = async (page) => (await ask(page, '/api/decisions?limit=1')).rows[0];
  const takeBack = (page, decision) => change(page, `/api/decisions/${decision.id}/undo`, {});
  const review = async (page, tier) => {
    await page.goto(`/review?queue=${tier}`);
    await page.locator('.candidate.selected').waitFor();
  };
  const identifyAnew = async (page) => {
    for (const kind of ['find', 'identify']) await taskDone(page, { kind });
  };

  async function useNetwork(page, name) {
    await page.goto('/options');
    await page.locator('.v-select', { hasText: 'Look network' }).locator('.v-field').click();
    await page.getByRole('option', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await notice(page, 'Saved').waitFor();
    await identifyAnew(page);
  }

  describe('what users ask for, page by page', () => {
    it('review: a code that is taken is refused, the next free one suggested', async () => {
      const page = world.page();
      const [fin] = await waiting(page);
      const { rows, total } = await ask(page, '/api/individuals?limit=100');
      const codes = rows.map((one) => one.code);
      await review(page, fin.tier);
      await page.keyboard.press('i');
      const dialog = page.getByRole('dialog');
      const field = dialog.getByLabel('Code');
      await until('a suggestion', async () => (await field.inputValue()) !== '');
      assert.ok(!codes.includes(await field.inputValue()));
      await field.fill(codes[0]);
      await page.keyboard.press('Enter');
      await dialog.getByText(`${codes[0]} is taken`).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.equal((await ask(page, '/api/individuals?limit=1')).total, total);
    });

    it('review: the two pictures pan and zoom as one', async () => {
      const page = world.page();
      const fin = (await waiting(page)).find((one) => compared.includes(one.tier));
      await review(page, fin.tier);
      const frames = page.locator('section .frame');
      const shown = () =>
        frames.evaluateAll((all) =>
          all.map((one) => one.querySelector('.whole > .layer > .layer').style.transform),
        );
      const [before] = await shown();
      const { x, y, width, height } = await frames.first().boundingBox();
      await page.mouse.move(x + width / 3, y + height / 3);
      await page.mouse.wheel(0, -400);
      await until('the zoom', async () => (await shown())[0] !== before);
      await drag(page, [x + width / 2, y + height / 2], [x + width / 2 + 60, y + height / 2 + 20]);
      const [ours, theirs] = await shown();
      assert.equal(theirs, ours);
      await page.keyboard.press('0');
      await until('as it was', async () => (await shown())[0] === before);
    });

    it('review: photos of one animal in one encounter are confirmed as one', async () => {
      const page = world.page();
      const groups = new Map();
      for (const fin of await waiting(page)) {
        if (!fin.first_candidate || !['certain', 'likely'].includes(fin.tier)) continue;
        const name = `${fin.encounter} ${fin.first_candidate}`;
        groups.set(name, [...(groups.get(name) ?? []), fin]);
      }
      const group = [...groups.values()].find((one) => one.length > 1);
      assert.ok(group, 'two fins of an encounter have the same first candidate');
      await review(page, group[0].tier);
      const all = page.getByRole('button', { name: /^All \d/ });
      for (let at = 0; at < 20 && (await all.count()) === 0; ++at) {
        await page.keyboard.press('j');
        await page.waitForTimeout(400);
      }
      await page.keyboard.press('Shift+Enter');
      await until('the decision', async () => (await newest(page)).fins.length > 1);
      const decision = await newest(page);
      assert.equal(decision.kind, 'confirm');
      await takeBack(page, decision);
    });

    it('review: all that are as probable as a person says are confirmed in one go', async () => {
      const page = world.page();
      const all = (await waiting(page)).filter((one) => one.tier === 'certain');
      const least = 0.9;
      const certain = all.filter((one) => one.probability >= least);
      assert.ok(certain.length > 0, JSON.stringify(all.map((one) => one.probability)));
      await review(page, 'certain');
      await page.getByRole('button', { name: 'Confirm in one go' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('input[type=range]').fill(String(100 * least));
      await dialog.getByText(`${certain.length} of ${all.length} fins`).waitFor();
      await dialog.getByText(/By the probabilities, \d+\.\d+ of them will be wrong/).waitFor();
      await dialog.getByRole('button', { name: `Confirm ${certain.length}` }).click();
      await notice(page, `Confirmed ${certain.length}`).waitFor();
      const left = async () => (await waiting(page)).filter((one) => one.tier === 'certain');
      assert.equal((await left()).length, all.length - certain.length);
      const codes = new Set(certain.map((one) => one.first_candidate));
      const { rows } = await ask(page, `/api/decisions?limit=${codes.size}`);
      assert.deepEqual(new Set(rows.map((one) => one.individual)), codes);
      for (const decision of rows) await takeBack(page, decision);
      assert.equal((await left()).length, all.length);
    });

    it('review: all that waits is matched again once the catalogue has grown', async () => {
      const page = world.page();
      const [first, ...others] = await waiting(page);
      const wish = { kind: 'new', fins: [first.id], code: 'grown' };
      const naming = async () => {
        await taskDone(page, { kind: 'identify' });
        const all = await Promise.all(others.map((one) => candidates(page, one.id)));
        return all.flat().filter((one) => one.individual_code === wish.code).length;
      };
      const decision = await change(page, '/api/decisions', wish);
      assert.ok((await naming()) > 0);
      await takeBack(page, decision);
      assert.equal(await naming(), 0);
    });

    it('map: a lasso says whom its fins show, whom not, and is taken back', async () => {
      const page = world.page();
      const { rows } = await ask(page, '/api/individuals?limit=1');
      await page.goto('/map');
      await page.locator('.legend button').first().waitFor();
      await page.waitForTimeout(500);
      const { x, y, width, height } = await page.locator('canvas').boundingBox();
      const at = (dx, dy) => [x + width * dx, y + height * dy];
      await drag(page, at(0.01, 0.01), at(0.99, 0.01), at(0.99, 0.99), at(0.01, 0.99));
      const text = await page.getByText(/\d+ fins selected/).textContent();
      await page.locator('.side .row').first().hover();
      await page.locator('.ring').waitFor(); // where the fin of the list lies on the map
      for (const [button, kind] of [
        ['Not them', 'reject'],
        ['It is them', 'confirm'],
      ]) {
        if (kind === 'confirm') {
          await drag(page, at(0.01, 0.01), at(0.99, 0.01), at(0.99, 0.99), at(0.01, 0.99));
          await page.getByText(text).waitFor();
        }
        await page.locator('.side input').first().fill(rows[0].code);
        await page.locator('.v-overlay .v-list-item', { hasText: rows[0].code }).first().click();
        await page.getByRole('button', { name: button }).click();
        await until(`the ${kind}`, async () => (await newest(page)).kind === kind);
        const decision = await newest(page);
        assert.equal(decision.fins.length, Number.parseInt(text, 10));
        await page.locator('.notice').last().getByRole('button', { name: 'Undo' }).click();
        await until('the undo', async () => (await newest(page)).undoes === decision.id);
      }
    });

    it('map: a fin pointed at shows its picture, whom it shows and its own file name', async () => {
      const page = world.page();
      await page.goto('/map');
      await page.locator('.legend button').first().waitFor();
      await page.waitForTimeout(500);
      const canvas = page.locator('canvas');
      const { x, y, width, height } = await canvas.boundingBox();
      const at = (dx, dy) => [x + width * dx, y + height * dy];
      await drag(page, at(0.01, 0.01), at(0.99, 0.01), at(0.99, 0.99), at(0.01, 0.99));
      const row = page.locator('.side .row').first();
      await row.hover();
      const ring = await page.locator('.ring').boundingBox();
      await page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2, { steps: 4 });
      const card = page.locator('.hover');
      await card.locator('.facts').waitFor();
      const [, id] = /fins\/(\d+)\//.exec(await card.locator('img').getAttribute('src'));
      const fin = await ask(page, `/api/fins/${id}`);
      const text = await card.textContent();
      for (const said of [fin.individual_code || fin.first_candidate_code, fin.photo_name]) {
        assert.ok(text.includes(said.split('/').at(-1)), `${said} in ${text}`);
      }
      await page.mouse.move(5, 5);
      await card.waitFor({ state: 'detached' });
    });

    it('tasks: what could not be read is tried again alone, and the counters stay true', async () => {
      const page = world.page();
      const find = async () => (await ask(page, '/api/tasks?limit=100')).rows;
      const before = (await find()).find((one) => one.kind === 'import' && one.failed > 0);
      const { counts } = await ask(page, '/api/project');
      await page.goto('/tasks');
      const row = page.locator(`[data-task="${before.id}"]`);
      await row.getByText(`${before.failed} failed`).waitFor();
      await row.getByRole('button', { name: 'Try what failed again' }).click();
      const again = async () => {
        const now = (await find()).find((one) => one.id === before.id);
        return now.ended !== before.ended && now.state === 'done' && now;
      };
      const after = await until('another try', again);
      assert.deepEqual([after.done, after.failed], [0, before.failed]);
      assert.deepEqual((await ask(page, '/api/project')).counts, counts);
    });

    it('tasks: one is paused and goes on; its end is told; the place is kept', async () => {
      const page = world.page();
      await page.goto('/tasks');
      const state = page.locator('.v-select', { hasText: 'State' });
      await state.locator('.v-field').click();
      await page.getByRole('option', { name: 'Done', exact: true }).click();
      await until('the state in the address', () => page.url().includes('state=done'));
      await page.reload();
      await page.locator('.v-select__selection', { hasText: 'Done' }).waitFor();
      assert.deepEqual(
        [...new Set(await page.locator('.task .state').allTextContents())],
        ['Done'],
      );
      await page.goto('/tasks');
      // As many before it as keep it waiting until the browser has pressed the button.
      for (let k = 0; k < 6; ++k) await change(page, '/api/tasks', { kind: 'identify' });
      const { id } = await change(page, '/api/tasks', { kind: 'map' });
      const row = page.locator(`[data-task="${id}"]`);
      await row.getByRole('button', { name: 'Pause' }).click();
      await row.getByText('Paused', { exact: true }).waitFor();
      await row.getByRole('button', { name: 'Go on' }).click();
      await notice(page, /map.* is done/i).waitFor({ timeout: 60_000 });
      assert.equal((await ask(page, `/api/tasks/${id}`)).state, 'done');
    });

    it('review: the fin alone is cut out by its outline as it is now', async () => {
      const page = world.page();
      const fin = (await waiting(page)).find(
        (one) => one.has_outline && compared.includes(one.tier),
      );
      await review(page, fin.tier);
      const picture = page.locator('section .frame .whole img').first();
      const url = () => picture.getAttribute('src');
      for (const key of 'ee') await page.keyboard.press(key);
      const before = await until('the fin alone', async () => {
        const shown = await url();
        return shown.includes('kind=masked') && shown;
      });
      const [, id] = /fins\/(\d+)\//.exec(before);
      const { contour } = await ask(page, `/api/fins/${id}/outline`);
      const pressed = contour.map(([px, py]) => [px, contour[0][1] + (py - contour[0][1]) * 0.6]);
      await change(page, `/api/fins/${id}/outline/edits`, { tool: 'outline', points: pressed });
      await page.waitForTimeout(1000); // the page was told
      for (const key of 'eee') await page.keyboard.press(key);
      await until('another picture', async () => ![before, null].includes(await url()));
      assert.ok((await url()).includes('kind=masked'));
      await change(page, `/api/fins/${id}/outline/undo`, {});
      await identifyAnew(page);
    });

    it('outline: a corrected one changes features and candidates; its undo brings both back', async () => {
      const page = world.page();
      const fin = (await waiting(page)).find((one) => one.has_outline && one.first_candidate);
      const seen = async () => ({
        picture: await page.evaluate(async (url) => {
          const bytes = await (await fetch(url, { cache: 'no-store' })).arrayBuffer();
          return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join();
        }, `/api/fins/${fin.id}/crop?kind=masked&width=640`),
        quality: (await ask(page, `/api/fins/${fin.id}`)).quality,
        similarities: (await candidates(page, fin.id)).map((one) => one.similarities),
      });
      const before = await seen();
      const { contour } = await ask(page, `/api/fins/${fin.id}/outline`);
      const left = Math.min(...contour.map(([px]) => px));
      const pressed = contour.map(([px, py]) => [left + (px - left) * 0.6, py]);
      await change(page, `/api/fins/${fin.id}/outline/edits`, { tool: 'outline', points: pressed });
      assert.deepEqual(await candidates(page, fin.id), []);
      await identifyAnew(page);
      const after = await seen();
      assert.notEqual(after.picture, before.picture);
      const changes = ({ similarities }) =>
        similarities.flatMap((one, at) =>
          Object.entries(one).map(([name, now]) => now - before.similarities[at][name]),
        );
      assert.ok(changes(after).some((change) => Math.abs(change) > 0.01));
      await change(page, `/api/fins/${fin.id}/outline/undo`, {});
      await identifyAnew(page);
      const again = await seen();
      assert.equal(again.picture, before.picture);
      assert.equal(again.quality, before.quality);
      assert.ok(changes(again).every((change) => Math.abs(change) < 1e-4));
    });

    it('"not the same" holds when a network was retrained and fins are identified by it', async () => {
      const page = world.page();
      const fin = (await waiting(page)).find((one) => one.first_candidate);
      const no = fin.first_candidate;
      const wish = { kind: 'reject', fins: [fin.id], individual: no };
      const rejected = await change(page, '/api/decisions', wish);
      const named = async () => (await candidates(page, fin.id)).filter((one) => !one.rejected);
      const before = await named();
      await taskDone(page, { kind: 'train', options: { steps: 10 } });
      const { rows } = await ask(page, '/api/tasks?limit=100');
      const { network } = rows.find((one) => one.kind === 'train').result;
      await useNetwork(page, network);
      const looks = (all) => all.map((one) => [one.individual, one.similarities.look]);
      const after = await named();
      assert.ok(after.length > 0);
      assert.notDeepEqual(looks(after), looks(before), 'the network is another');
      assert.ok(after.every((one) => one.individual !== no));
      await useNetwork(page, 'shipped');
      assert.ok((await named()).every((one) => one.individual !== no));
      await takeBack(page, rejected);
    });
  });
}
