// How long rows of the photos stay blank while a person scrolls through a large project.
//
//   FINVIEW=… node benchmarks/web/grid.mjs PROJECT
import { newPage, startBrowser, startServer } from '../../web/e2e/support.mjs';

/** Watches each frame which rows in sight lack a tile's text or picture, and for how long. */
function watchRows() {
  const open = { text: new Map(), picture: new Map() };
  const times = { text: [], picture: [] };
  const lacks = {
    text: (cell) => cell.querySelector('.blank') !== null,
    picture: (cell) => !cell.querySelector('img')?.complete,
  };
  const box = document.querySelector('[role=grid]');
  let frames = 0;
  const look = (now) => {
    ++frames;
    const { top, bottom } = box.getBoundingClientRect();
    const cells = [...box.querySelectorAll('[data-cell]')].map((cell) => ({
      cell,
      place: cell.getBoundingClientRect(),
    }));
    const inSight = cells.filter(({ place }) => place.bottom > top + 4 && place.top < bottom - 4);
    const columns = inSight.filter(({ place }) => place.top === inSight[0].place.top).length;
    for (const kind of ['text', 'picture']) {
      const blank = new Set();
      for (const { cell } of inSight) {
        if (lacks[kind](cell)) blank.add(Math.floor(Number(cell.dataset.cell) / columns));
      }
      for (const row of blank) if (!open[kind].has(row)) open[kind].set(row, now);
      for (const [row, since] of open[kind]) {
        if (blank.has(row)) continue;
        times[kind].push(now - since);
        open[kind].delete(row);
      }
    }
    window.watching = requestAnimationFrame(look);
  };
  window.watching = requestAnimationFrame(look);
  window.rowTimes = () => {
    cancelAnimationFrame(window.watching);
    return { ...times, frames };
  };
}

const say = (name, times) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  const late = sorted.filter((ms) => ms > 200).length;
  console.log(
    `  ${name}: ${sorted.length} rows were blank at first; median ${at(0.5)} ms, p95 ${at(0.95)} ms, ` +
      `longest ${at(1)} ms, ${late} longer than 200 ms`,
  );
};

const server = await startServer(process.argv[2]);
const browser = await startBrowser();
const { page } = await newPage(browser, server.address);

async function measure(what, act) {
  await page.evaluate(watchRows);
  const start = performance.now();
  await act();
  await page.waitForTimeout(1500);
  const seconds = (performance.now() - start) / 1000;
  const { text, picture, frames } = await page.evaluate(() => window.rowTimes());
  console.log(`${what} (${Math.round(frames / seconds)} frames a second)`);
  say('names', text);
  say('pictures', picture);
}

const box = page.locator('[role=grid]');
const scrollTo = (top) => box.evaluate((element, to) => (element.scrollTop = to), top);
async function wheel(pixelsASecond, seconds) {
  for (let i = 0; i < seconds * 20; ++i) {
    await page.mouse.wheel(0, pixelsASecond / 20);
    await page.waitForTimeout(50);
  }
}

await page.goto('/photos');
await page.locator('.tile img').first().waitFor();
await page.mouse.move(700, 500);
const height = await box.evaluate((element) => element.scrollHeight);
console.log(await page.locator('header p').textContent());
for (const round of ['first time', 'again']) {
  await scrollTo(0);
  await page.waitForTimeout(1000);
  await measure(`a screen a second, ${round}`, () => wheel(800, 10));
  await measure(`five screens a second, ${round}`, () => wheel(4000, 6));
}
for (const round of ['first time', 'again']) {
  await measure(`twelve jumps to anywhere, ${round}`, async () => {
    for (let i = 1; i <= 12; ++i) {
      await scrollTo(((i * 0.618) % 1) * height);
      await page.waitForTimeout(800);
    }
  });
}
await browser.close();
await server.stop();
