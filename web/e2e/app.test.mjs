// The pages in a browser, against the real server and a rendered survey. The tests build on each
// other: a survey is dropped, reviewed, looked through, corrected.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  ask,
  axeFindings,
  makeProject,
  newPage,
  startBrowser,
  startServer,
  until,
} from './support.mjs';
import { testDuplicates } from './duplicates.mjs';
import { testLists } from './lists.mjs';
import { testRequests } from './requests.mjs';
import { testSeason } from './season.mjs';
import { testUsers } from './users.mjs';

let project, server, browser, page, faults;
/** What the parts of these tests in other files share with this one. */
const world = {
  page: () => page,
  project: () => project,
  server: () => server,
  browser: () => browser,
};

before(async () => {
  project = makeProject();
  server = await startServer(project.project);
  browser = await startBrowser();
  ({ page, faults } = await newPage(browser, server.address));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  project?.remove();
  assert.deepEqual(faults, [], 'errors in the page');
});

const waiting = async () => (await ask(page, '/api/project')).waiting_by_tier;
const history = async () => (await ask(page, '/api/decisions?limit=1')).rows[0];
const press = (key) => page.keyboard.press(key);
const notice = (text) => page.locator('.notice', { hasText: text }).first();

describe('home', () => {
  it('takes a survey in one step, from the drop to the review', async () => {
    await page.goto('/');
    await page.locator('[data-test=files]').setInputFiles([project.archive, project.broken]);
    await notice('have arrived').waitFor();
    const isDone = async () => {
      const { rows } = await ask(page, '/api/tasks');
      return (
        rows.length >= 3 && rows.every((task) => ['done', 'failed'].includes(task.state)) && rows
      );
    };
    const tasks = await until('import, find and identify', isDone, 300);
    assert.ok(
      tasks.every((task) => task.state === 'done'),
      JSON.stringify(tasks),
    );
    const counts = await waiting();
    assert.ok(
      counts.certain + counts.likely + counts.unsure + counts.nobody >= 8,
      JSON.stringify(counts),
    );
    await page.locator('.tier.certain', { hasText: String(counts.certain) }).waitFor();
  });

  it('names what could not be read, with the reason', async () => {
    const { rows } = await ask(page, '/api/tasks');
    const task = rows.find((one) => one.failed > 0);
    await page.goto(`/tasks/${task.id}`);
    await page.getByRole('cell', { name: 'broken.jpg', exact: true }).waitFor();
  });

  it('tells what happened to a task, and when', async () => {
    const { rows } = await ask(page, '/api/tasks');
    const task = rows.find((one) => one.failed > 0);
    await page.goto(`/tasks/${task.id}`);
    const log = page.locator('.log');
    await log.getByRole('cell', { name: /^broken\.jpg: / }).waitFor();
    await log.getByRole('cell', { name: /^asked for/ }).waitFor();
    const texts = await log.locator('tbody tr td:last-child').allTextContents();
    assert.equal(texts[0], 'done');
    assert.match(texts.at(-1), /^asked for/);
  });
});

describe('review, by keyboard alone', () => {
  const queue = async () => {
    const counts = await waiting();
    return ['likely', 'certain', 'unsure', 'nobody'].find((tier) => counts[tier] >= 2);
  };
  const finShown = () => page.locator('section').first().locator('img').first().getAttribute('src');

  it('confirms with Enter, shows the next pair at once, takes it back with Z', async () => {
    const tier = await queue();
    await page.goto(`/review?queue=${tier}`);
    await page.locator('.candidate.selected').waitFor();
    await page.waitForTimeout(1000); // the next pair is being fetched
    const first = await finShown();
    const before_ = (await waiting())[tier];
    const ms = await page.evaluate(async () => {
      const shown = () => document.querySelector('section img')?.getAttribute('src');
      const old = shown();
      const start = performance.now();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      while (shown() === old || !document.querySelector('section img').complete) {
        await new Promise(requestAnimationFrame);
      }
      return performance.now() - start;
    });
    console.log(`next pair after ${Math.round(ms)} ms`);
    await until('the confirmation', async () => (await waiting())[tier] === before_ - 1);
    assert.equal((await history()).kind, 'confirm');
    await press('z');
    await until('the undo', async () => (await waiting())[tier] === before_);
    await until('the fin is back', async () => (await finShown()) === first);
  });

  it('rejects with N, which stays, and goes on with the next candidate', async () => {
    const candidate = page.locator('.candidate.selected .code');
    const code = await candidate.textContent();
    await press('n');
    await page.locator('.candidate.rejected').waitFor();
    assert.notEqual(await candidate.textContent(), code);
    await page.reload();
    await page.locator('.candidate.rejected', { hasText: code }).waitFor();
    await page.locator('.candidate.selected:not(.rejected)').waitFor();
  });

  it('makes a new individual with I, the next code being suggested', async () => {
    const before_ = await ask(page, '/api/individuals?limit=1');
    await press('i');
    const code = page.getByRole('dialog').getByLabel('Code');
    await until('a suggestion', async () => (await code.inputValue()) !== '');
    await press('Enter');
    await until(
      'the individual',
      async () => (await ask(page, '/api/individuals?limit=1')).total === before_.total + 1,
    );
    await press('z');
    await until('the undo', async () => (await history()).kind === 'undo');
  });

  it('moves among candidates and shows overlay, why, outlines and the keys', async () => {
    await page.locator('.candidate.selected').waitFor();
    await press('ArrowRight');
    await press('v');
    await page.locator('svg image').first().waitFor();
    await press('w');
    await until('the why picture', () =>
      page.locator('.why img').evaluate((img) => img.complete && img.naturalWidth > 0),
    );
    await press('s');
    await press('o');
    await page.locator('path.contour').first().waitFor();
    await press('?');
    await page
      .getByRole('dialog', { name: 'Keys' })
      .or(page.locator('.v-card-title', { hasText: 'Keys' }))
      .first()
      .waitFor();
    await press('Escape');
  });

  it('says who decided first when two people have the same fin', async () => {
    const other = await newPage(browser, server.address);
    const tier = await queue();
    for (const one of [page, other.page]) {
      await one.goto(`/review?queue=${tier}`);
      await one.locator('.candidate.selected').waitFor();
    }
    await other.page.keyboard.press('u');
    await until('the other decision', async () => (await history()).kind === 'unsure');
    await press('Enter');
    await page.getByText('Somebody decided in the meantime').waitFor();
    await page.getByRole('button', { name: 'Keep theirs' }).click();
    assert.equal((await history()).kind, 'unsure');
    assert.deepEqual(other.faults, []);
    await other.page.context().close();
  });
});

describe('catalogue', () => {
  it('finds an individual and edits it; a taken code is refused with the reason', async () => {
    await page.goto('/individuals');
    await page.locator('a.card').first().waitFor();
    const { rows } = await ask(page, '/api/individuals?limit=2');
    await page.getByLabel('Code, name, marks', { exact: true }).fill(rows[0].code);
    await until('the search in the address', () => page.url().includes('text='));
    await page.locator('a.card').first().click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Code', { exact: true }).fill(rows[1].code);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').locator('.v-alert').waitFor();
    await page.getByRole('dialog').getByLabel('Code', { exact: true }).fill(rows[0].code);
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Tāwhai');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('header', { hasText: 'Tāwhai' }).waitFor();
  });

  it('splits fins off and takes that back', async () => {
    const { rows } = await ask(page, '/api/individuals?sort=fins&descending=true&limit=1');
    await page.goto(`/individuals/${rows[0].id}`);
    await page.locator('.tile input').first().check();
    await page.getByRole('button', { name: 'Split off as new' }).click();
    const code = page.getByRole('dialog').getByLabel('Code');
    await until('a suggestion', async () => (await code.inputValue()) !== '');
    await page.getByRole('button', { name: 'Create' }).click();
    await notice('split off').getByRole('button', { name: 'Undo' }).click();
    await until('the undo', async () => (await history()).kind === 'undo');
    const again = await ask(page, `/api/individuals/${rows[0].id}`);
    assert.equal(again.num_fins, rows[0].num_fins);
  });

  it('merges two and takes that back in the history', async () => {
    const { rows } = await ask(page, '/api/individuals?limit=2');
    await page.goto(`/individuals/${rows[0].id}`);
    await page.getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('dialog').locator('input').fill(rows[1].code);
    await page.getByRole('option', { name: rows[1].code }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
    await until('the merge', async () => (await history()).kind === 'merge');
    await page.goto('/history');
    await page
      .locator('li', { hasText: 'merged into' })
      .first()
      .getByRole('button', { name: 'Undo' })
      .click();
    await until(
      'the undo',
      async () => (await ask(page, `/api/individuals/${rows[1].id}`)).merged_into === null,
    );
  });
});

describe('photos', () => {
  it('selects with shift, puts into the trash and back', async () => {
    await page.goto('/photos');
    await page.locator('.tile').nth(3).waitFor();
    await page.locator('.tile').nth(0).click();
    await page
      .locator('.tile')
      .nth(3)
      .click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').waitFor();
    await press('Delete');
    await notice('in the trash').getByRole('button', { name: 'Undo' }).click();
    await until(
      'the photos are back',
      async () => (await ask(page, '/api/project')).counts.photos_trashed === 0,
    );
  });

  it('keeps search and place on reload and back', async () => {
    await page.goto('/photos?sort=name');
    await page.locator('.tile').first().waitFor();
    await page.locator('.tile').nth(2).dblclick();
    await page.locator('svg image').waitFor();
    const name = await page.locator('h1').textContent();
    await page.reload();
    await page.locator('h1', { hasText: name }).waitFor();
    await page.goBack();
    assert.ok(page.url().includes('sort=name'));
  });

  it('adds a fin by a box, and removes it', async () => {
    const { rows } = await ask(
      page,
      '/api/photos?state=searched&sort=fins&descending=true&limit=1',
    );
    await page.goto(`/photos/${rows[0].id}`);
    const frame = await page.locator('svg[role=group]').boundingBox();
    await press('a');
    await page.mouse.move(frame.x + frame.width * 0.42, frame.y + frame.height * 0.42);
    await page.mouse.down();
    await page.mouse.move(frame.x + frame.width * 0.52, frame.y + frame.height * 0.52, {
      steps: 4,
    });
    await page.mouse.up();
    const fins = async () => (await ask(page, `/api/fins?photo=${rows[0].id}`)).total;
    await until('the fin', async () => (await fins()) === rows[0].num_fins + 1);
    await page
      .locator('aside .fin')
      .last()
      .getByRole('button', { name: 'Remove this fin' })
      .click();
    await until('the removal', async () => (await fins()) === rows[0].num_fins);
  });
});

describe('outline', () => {
  const open = async () => {
    const { rows } = await ask(
      page,
      '/api/fins?review=waiting&sort=quality&descending=true&limit=50',
    );
    const fin = rows.find((one) => one.has_outline);
    await page.goto(`/fins/${fin.id}`);
    await page.locator('.editor .handle').first().waitFor();
    return fin;
  };
  const outlineOf = (fin) => ask(page, `/api/fins/${fin.id}/outline`);
  const keep = () => page.getByRole('button', { name: 'Keep' });
  const stroke = async (from, to) => {
    const frame = await page.locator('svg.work').boundingBox();
    const at = ([x, y]) => [frame.x + frame.width * x, frame.y + frame.height * y];
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 6 });
    await page.mouse.up();
  };

  it('is pulled, taken back, pulled and kept; undo and redo', async () => {
    const fin = await open();
    const pull = async () => {
      const handle = await page.locator('.editor .handle').nth(20).boundingBox();
      await page.mouse.move(handle.x + 2, handle.y + 2);
      await page.mouse.down();
      await page.mouse.move(handle.x + 14, handle.y + 4, { steps: 3 });
      await page.mouse.up();
    };
    const before_ = await outlineOf(fin);
    await pull();
    await press('z');
    await until('nothing to keep', () => keep().isDisabled());
    await pull();
    await press('Enter');
    await until('the edit', async () => (await outlineOf(fin)).num_done === 1);
    assert.notEqual((await outlineOf(fin)).outlined_by, '');
    await page.getByText('was not compared with the catalogue yet').waitFor();
    await press('z');
    await until('the undo', async () => (await outlineOf(fin)).num_done === 0);
    assert.deepEqual((await outlineOf(fin)).contour, before_.contour);
    await press('y');
    await until('the redo', async () => (await outlineOf(fin)).num_done === 1);
  });

  it('is tried out with strokes and the six sliders before it is kept', async () => {
    const fin = await open();
    const kept = await outlineOf(fin);
    await press('6');
    await stroke([0.3, 0.75], [0.7, 0.78]);
    await page.locator('.stroke').waitFor();
    await until('the trial', async () => !(await page.getByText('Trying it out').count()));
    assert.deepEqual((await outlineOf(fin)).contour, kept.contour, 'nothing is kept yet');
    await press('b');
    await page.getByText('Before', { exact: true }).waitFor();
    await press('Escape');
    await press('7');
    await page.getByText('What the mask is made of').waitFor();
    const sliders = page.locator('.sliders input[type=range]');
    assert.equal(await sliders.count(), 6);
    await sliders.nth(0).fill('1.4');
    await page.getByLabel('Fin lighter than the sea').check();
    await press('Enter');
    await until('the edit', async () => (await outlineOf(fin)).num_done === kept.num_done + 1);
    const { edits } = await outlineOf(fin);
    assert.deepEqual(
      [edits.at(-1).tool, edits.at(-1).invert, edits.at(-1).mask.gain],
      ['filter', true, 1.4],
    );
    await press('z');
    await until('the undo', async () => (await outlineOf(fin)).num_done === kept.num_done);
  });

  it('is made of four points', async () => {
    const fin = await open();
    const kept = await outlineOf(fin);
    await press('4');
    for (const [x, y] of [
      [0.25, 0.75],
      [0.75, 0.75],
      [0.55, 0.2],
      [0.5, 0.8],
    ])
      await stroke([x, y], [x, y]);
    await until('the trial', () => keep().isEnabled());
    await keep().click();
    await until('the edit', async () => (await outlineOf(fin)).num_done === kept.num_done + 1);
  });
});

describe('files and options', () => {
  it('makes a folder, throws it away and restores it', async () => {
    await page.goto('/files/outputs');
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByRole('dialog').getByLabel('Name of the folder').fill('summer 夏');
    await press('Enter');
    await page.locator('.tile', { hasText: 'summer 夏' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Trash' }).click();
    await notice('in the trash').getByRole('button', { name: 'Undo' }).click();
    await page.locator('.tile', { hasText: 'summer 夏' }).waitFor();
  });

  it('copies, packs and unpacks a table, and shows its rows', async () => {
    await page.goto('/files/datasets');
    const table = Buffer.from('x,y,class\n1,2,D001\n3,4,D002\n');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Upload' }).click(),
    ]);
    await chooser.setFiles({ name: 'fins.csv', mimeType: 'text/csv', buffer: table });
    const act = async (name, button, to) => {
      await page.locator(`.tile[aria-label="${name}"]`).click();
      await page.getByRole('toolbar').getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').getByLabel('To').fill(to);
      await press('Enter');
      await page.locator(`.tile[aria-label="${to}"]`).waitFor();
    };
    await act('fins.csv', 'Copy', 'copy.csv');
    await act('copy.csv', 'Archive', 'fins.zip');
    await act('fins.zip', 'Extract', 'again');
    await page.locator('.tile[aria-label="copy.csv"]').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('dialog').getByLabel('To').fill('fins.csv');
    await press('Enter');
    await notice('is there already').waitFor();
    await act('copy.csv', 'Move or rename', 'renamed.csv');
    const { rows } = await ask(page, '/api/files/datasets?path=again');
    assert.deepEqual(
      rows.map((one) => one.name),
      ['copy.csv'],
    );
    await page.locator('.tile[aria-label="renamed.csv"]').dblclick();
    await page.getByRole('cell', { name: 'D002' }).waitFor();
    await page.getByRole('button', { name: 'Plot' }).click();
    await page.locator('canvas').waitFor();
  });

  it('keeps the name of the project', async () => {
    await page.goto('/options');
    await page.getByLabel('Name of the project').fill('Hauraki 2013');
    await page.getByRole('button', { name: 'Save' }).click();
    await notice('Saved').waitFor();
    await page.reload();
    await page.locator('.brand', { hasText: 'Hauraki 2013' }).waitFor();
  });
});

describe('map', () => {
  it('is made, and a lasso on it acts', async () => {
    await page.goto('/map');
    await page.getByRole('button', { name: 'Make the map' }).click();
    await page.getByRole('link', { name: 'Open the map' }).click({ timeout: 300_000 });
    await page.locator('.legend button').first().waitFor();
    await page.waitForTimeout(500);
    const frame = await page.locator('canvas').boundingBox();
    await page.mouse.move(frame.x + 5, frame.y + 5);
    await page.mouse.down();
    for (const [x, y] of [
      [0.99, 0.01],
      [0.99, 0.99],
      [0.01, 0.99],
    ]) {
      await page.mouse.move(frame.x + frame.width * x, frame.y + frame.height * y, { steps: 5 });
    }
    await page.mouse.up();
    await page.getByText(/\d+ fins selected/).waitFor();
    await page.locator('.side .row').first().waitFor();
    await press('Escape');
    await page.getByText(/\d+ fins selected/).waitFor({ state: 'detached' });
  });
});

testDuplicates(world);
testLists(world);
testRequests(world);
testSeason(world);

describe('every page', () => {
  for (const path of [
    '/',
    '/review',
    '/individuals',
    '/individuals/duplicates',
    '/encounters',
    '/photos',
    '/map',
    '/table',
    '/tasks',
    '/tasks?tab=workers',
    '/files/images',
    '/history',
    '/options',
    '/users',
    '/help',
    '/login',
    '/nowhere',
  ]) {
    it(`${path} has no serious finding of axe`, async () => {
      await page.goto(path);
      await page.waitForTimeout(700);
      assert.deepEqual(await axeFindings(page), []);
    });
  }

  it('goes on when the server was away', async () => {
    await page.goto('/tasks');
    await page.locator('.task').first().waitFor();
    const port = new URL(server.address).port;
    await server.stop();
    server = await startServer(project.project, port);
    await page.getByRole('link', { name: 'Individuals' }).click();
    await page.locator('a.card').first().waitFor();
  });
});

testUsers(world);
