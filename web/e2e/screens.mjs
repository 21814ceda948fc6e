// Pictures of the pages for README and guide, from a project as ./run makes it; other sizes are for
// looking at, such as 820x1180, a tablet held upright.
//
//   FINVIEW=… node web/e2e/screens.mjs PROJECT FOLDER [SIZE] [NAME ...]
import { ask, drag, newPage, startBrowser, startServer, taskDone } from './support.mjs';

const [project, folder, size = '1440x900', ...names] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
const server = await startServer(project);
const browser = await startBrowser();

const settled = async (page) => {
  await page.locator('.page, .page-full').waitFor();
  await page.locator('.v-main [aria-busy]').waitFor({ state: 'detached' });
  await page.waitForTimeout(2500);
};
const open = (path, act) => async (page) => {
  await page.goto(path);
  await settled(page);
  await act?.(page);
};
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(1500);
    }
  };
const lasso = async (page) => {
  const { x, y, width, height } = await page.locator('canvas').boundingBox();
  const at = (dx, dy) => [x + width * dx, y + height * dy];
  await drag(page, at(0.2, 0.1), at(0.6, 0.1), at(0.6, 0.55), at(0.2, 0.55));
  await page.waitForTimeout(1500);
};
const box = async (page) => {
  const tile = (at) => page.locator('.tile').nth(at).boundingBox();
  const [a, b] = [await tile(1), await tile(9)];
  await drag(page, [a.x + 30, a.y + 30], [b.x + 60, b.y + 60]);
  await page.locator('.tile').nth(9).click({ button: 'right' });
  await page.waitForTimeout(600);
};
const stroke = async (page) => {
  await page.keyboard.press('6');
  const { x, y, width, height } = await page.locator('svg.work').boundingBox();
  const at = (dx, dy) => [x + width * dx, y + height * dy];
  await drag(page, at(0.3, 0.78), at(0.6, 0.8));
  await page.keyboard.press('b');
  await page.waitForTimeout(4000);
};

/** By name of the picture: how to come there. */
async function pages(page) {
  await page.goto('/');
  const { rows } = await ask(page, '/api/fins?review=waiting&tier=likely&limit=1');
  const { rows: known } = await ask(page, '/api/individuals?sort=fins&descending=true&limit=1');
  const { rows: photos } = await ask(page, '/api/photos?sort=fins&descending=true&limit=1');
  const fin = `/fins/${rows[0].id}`;
  return {
    home: open('/'),
    review: open('/review?queue=likely'),
    'review-overlay': open('/review?queue=likely', press('v')),
    'review-why': open('/review?queue=likely', press('w')),
    'review-nobody': open('/review?queue=nobody'),
    individuals: open('/individuals'),
    individual: open(`/individuals/${known[0].id}`),
    encounters: open('/encounters'),
    photos: open('/photos', box),
    photo: open(`/photos/${photos[0].id}`),
    outline: open(fin, stroke),
    sliders: open(fin, press('7')),
    map: open('/map', lasso),
    datasets: open('/table'),
    tasks: open('/tasks'),
    files: open('/files/outputs'),
    history: open('/history'),
    options: open('/options'),
  };
}

/** Something to be seen under Tasks, Datasets and Outputs. */
async function work(page) {
  await page.goto('/');
  if ((await ask(page, '/api/tasks?limit=1')).total > 0) return;
  for (const kind of ['identify', 'export']) await taskDone(page, { kind });
}

for (const theme of ['light', 'dark']) {
  const { page } = await newPage(browser, server.address);
  await page.addInitScript((name) => localStorage.setItem('finview.theme', name), theme);
  await page.setViewportSize({ width, height });
  if (theme === 'light') await work(page);
  for (const [name, show] of Object.entries(await pages(page))) {
    if (names.length > 0 && !names.includes(name)) continue;
    await show(page);
    await page.screenshot({ path: `${folder}/${name}-${theme}.jpg`, type: 'jpeg', quality: 72 });
  }
  await page.context().close();
}
await browser.close();
await server.stop();
