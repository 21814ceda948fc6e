// The season: what was dropped is reviewed to the end, with what users ask of a review.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, change, drag, newPage, taskDone, trueIndividual, until } from './support.mjs';

export function testSeason(world) {
  const waiting = async (page) => (await ask(page, '/api/fins?review=waiting&limit=100')).rows;
  const candidates = async (page, fin) => (await ask(page, `/api/fins/${fin}/candidates`)).rows;
  const history = async (page) => (await ask(page, '/api/decisions?limit=1')).rows[0];

  /** Whether a list of individuals holds this one and no other. */
  const isOnly = async (list, code) => {
    const names = await list.allTextContents();
    return names.length === 1 && names[0].trim().startsWith(code);
  };

  describe('what users ask for', () => {
    it('"not the same" holds when fins are identified again', async () => {
      const page = world.page();
      const [fin] = (await waiting(page)).filter((one) => one.first_candidate);
      const no = fin.first_candidate;
      await change(page, '/api/decisions', { kind: 'reject', fins: [fin.id], individual: no });
      const known = (await waiting(page)).find((one) => one.id !== fin.id && one.first_candidate);
      const wish = { kind: 'confirm', fins: [known.id], individual: known.first_candidate };
      const confirmed = await change(page, '/api/decisions', wish);
      await taskDone(page, { kind: 'identify' });
      const named = (await candidates(page, fin.id)).filter((one) => !one.rejected);
      assert.ok(named.length > 0);
      assert.ok(named.every((one) => one.individual !== no));
      await change(page, `/api/decisions/${confirmed.id}/undo`, {});
    });

    it('a corrected outline changes the candidates', async () => {
      const page = world.page();
      const [fin] = (await waiting(page)).filter((one) => one.has_outline && one.first_candidate);
      const before = await candidates(page, fin.id);
      await page.goto(`/fins/${fin.id}`);
      await page.locator('.editor .handle').first().waitFor();
      await page.keyboard.press('2');
      const { x, y, width, height } = await page.locator('svg.work').boundingBox();
      const at = (dx, dy) => [x + width * dx, y + height * dy];
      await drag(page, at(0.3, 0.8), at(0.5, 0.25), at(0.7, 0.8), at(0.31, 0.8));
      await until('the trial', () => page.getByRole('button', { name: 'Keep' }).isEnabled());
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Identify', exact: true }).click();
      const answered = async () => (await ask(page, `/api/fins/${fin.id}`)).tier !== 'none';
      await until('the fin is identified', answered, 90);
      const chances = (rows) => rows.map((one) => [one.individual, one.probability]);
      assert.notDeepEqual(chances(await candidates(page, fin.id)), chances(before));
      await page.locator('aside .candidate').nth(1).waitFor();
    });

    it('safe split and unmerge: undo across both, in order', async () => {
      const page = world.page();
      const { rows } = await ask(page, '/api/individuals?sort=fins&descending=true&limit=2');
      const [stays, goes] = rows;
      const wish = { kind: 'merge', individual: stays.id, other: goes.id };
      const merge = await change(page, '/api/decisions', wish);
      const { rows: fins } = await ask(page, `/api/fins?individual=${stays.id}&limit=100`);
      assert.equal(fins.length, stays.num_fins + goes.num_fins);
      const split = await change(page, '/api/decisions', { kind: 'split', fins: [fins[0].id] });
      await page.goto('/history');
      const row = (id) => page.locator('li', { hasText: `#${id} ` });
      await row(merge.id).getByRole('button', { name: 'Undo' }).click();
      await page.locator('.notice.error').waitFor(); // the split stands in its way
      await row(split.id).getByRole('button', { name: 'Undo' }).click();
      await until('the split is undone', async () => (await history(page)).undoes === split.id);
      await row(merge.id).getByRole('button', { name: 'Undo' }).click();
      await until('the merge is undone', async () => (await history(page)).undoes === merge.id);
      for (const one of rows) {
        assert.equal((await ask(page, `/api/individuals/${one.id}`)).num_fins, one.num_fins);
      }
    });

    it('original file names and dates are shown beside the pair', async () => {
      const page = world.page();
      const [fin] = await waiting(page);
      await page.goto(`/review?queue=${fin.tier}`);
      await page.locator('.pane-head .file').first().waitFor();
      const shown = await page.locator('.pane-head').first().textContent();
      assert.match(shown, /IMG_\d+\.jpg/);
      assert.match(shown, /\d{4}-\d{2}-\d{2} \d{2}:\d{2}/);
    });

    it('an individual that no candidate names is confirmed from the review', async () => {
      const page = world.page();
      const fins = await waiting(page);
      const fin = fins.find((one) => one.tier !== 'none');
      const named = (await candidates(page, fin.id)).map((one) => one.individual);
      const { rows } = await ask(page, '/api/individuals?limit=100');
      const other = rows.find((one) => !named.includes(one.id)) ?? rows.at(-1);
      await page.goto(`/review?queue=${fin.tier}`);
      await page.locator('.candidate.selected').waitFor();
      await page.keyboard.press('a');
      const field = page.getByRole('dialog').locator('input').first();
      await field.fill(other.code);
      await page.locator('.v-overlay .v-list-item', { hasText: other.code }).first().click();
      await until('the decision', async () => (await history(page)).individual === other.id);
      await page.keyboard.press('z');
      await until('the undo', async () => (await history(page)).kind === 'undo');
    });
  });

  it('somebody else: Enter before the answer takes nobody', async () => {
    const page = world.page();
    const [fin] = (await waiting(page)).filter((one) => one.tier !== 'none');
    const { rows } = await ask(page, '/api/individuals?limit=100');
    const { id: lastId, code: last } = rows.at(-1);
    await page.goto(`/review?queue=${fin.tier}`);
    await page.locator('.candidate.selected').waitFor();
    const before = (await history(page)).id;
    await page.keyboard.press('a');
    const list = page.locator('.v-overlay .v-list-item');
    await until('all of them', async () => (await list.count()) > 1);
    let answer = () => {};
    const held = new Promise((resolve) => (answer = resolve));
    await page.route('**/api/individuals?*text=*', async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.type(last);
    await page.keyboard.press('Enter');
    assert.equal(await list.count(), 0);
    assert.equal((await history(page)).id, before);
    answer();
    await until('the one', () => isOnly(list, last));
    await page.unroute('**/api/individuals?*text=*');
    await page.keyboard.press('Enter');
    await until('the decision', async () => (await history(page)).id !== before);
    assert.equal((await history(page)).individual, lastId);
    await page.keyboard.press('z');
    await until('the undo', async () => (await history(page)).kind === 'undo');
  });

  describe('a season', () => {
    it('is reviewed by two people at once, by keyboard alone, as it was rendered', async () => {
      const page = world.page();
      const other = await newPage(world.browser(), world.server().address);
      await other.page.goto('/');
      // What still identifies would change queues and candidates between a look and a key.
      const isOver = ({ state }) => ['done', 'failed', 'cancelled'].includes(state);
      await until('the tasks', async () => (await ask(page, '/api/tasks')).rows.every(isOver), 120);
      const codes = new Map(); // the rendered name of somebody new → the code given
      const season = new Set((await waiting(page)).map((fin) => fin.id));
      let keys = 0;
      for (let at = 0; (await waiting(page)).length > 0; ++at) {
        assert.ok(at < 3 * season.size + 10, 'the review comes to an end');
        keys += await decideOne(at % 2 ? other.page : page, codes, world.project().truth);
      }
      console.log(`${season.size} fins by ${keys} keys`);
      const { rows } = await ask(page, '/api/fins?review=confirmed&limit=1000');
      const decided = rows.filter((fin) => season.has(fin.id));
      assert.ok(decided.length > 0);
      for (const fin of decided) {
        const who = trueIndividual(world.project().truth, fin);
        assert.equal(fin.individual_code, codes.get(who) ?? who, fin.photo_name);
      }
      assert.deepEqual(other.faults, []);
      await other.page.context().close();
    });
  });

  /** What is shown once the page has loaded all it wants: a person looks that long, too. */
  async function settled(page, shown) {
    for (let before = null; ; ) {
      const now = await shown();
      if (now === before) return now;
      before = now;
      await page.waitForTimeout(300);
    }
  }

  /** Looks at the first fin of the first queue that has one, and presses what is true of it. */
  async function decideOne(page, codes, truth) {
    let keys = 0;
    const press = (key) => (++keys, page.keyboard.press(key));
    const fins = await waiting(page);
    const tier = ['certain', 'likely', 'unsure', 'nobody', 'none'].find((one) =>
      fins.some((fin) => fin.tier === one),
    );
    await page.goto(`/review?queue=${tier}`);
    const picture = page.locator('section .frame img').first();
    await page.locator('.candidate.selected').waitFor();
    await picture.waitFor();
    const id = await settled(page, async () =>
      Number(/fins\/(\d+)\//.exec(await picture.getAttribute('src'))[1]),
    );
    const who = trueIndividual(
      truth,
      fins.find((fin) => fin.id === id) ?? (await ask(page, `/api/fins/${id}`)),
    );
    const code = codes.get(who) ?? who;
    const at = (await candidates(page, id)).findIndex((one) => one.individual_code === code);
    const { rows } = await ask(page, '/api/individuals?limit=1000');
    if (who === null) await press('x');
    else if (at >= 0) {
      await press(String(at + 1));
      await press('Enter');
    } else if (rows.some((one) => one.code === code)) {
      await press('a');
      const field = page.getByRole('dialog').locator('input').first();
      await until('the field', () => field.evaluate((one) => one === document.activeElement));
      for (const letter of code) await press(letter);
      const found = page.locator('.v-overlay .v-list-item');
      await until('the one', () => isOnly(found, code));
      await press('Enter');
    } else {
      await press('i');
      const field = page.getByRole('dialog').getByLabel('Code');
      await until('a suggestion', async () => (await field.inputValue()) !== '');
      codes.set(who, await field.inputValue());
      await press('Enter');
    }
    const decided = async () => (await ask(page, `/api/fins/${id}`)).review !== 'waiting';
    await until('the decision', decided);
    return keys;
  }
}
