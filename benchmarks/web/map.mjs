// How long a large map takes to load and how smoothly it moves.
//
//   FINVIEW=… node benchmarks/web/map.mjs PROJECT
import { newPage, startBrowser, startServer } from '../../web/e2e/support.mjs';

const server = await startServer(process.argv[2]);
const browser = await startBrowser();
const { page } = await newPage(browser, server.address);

async function load() {
  const start = performance.now();
  await page.goto('/map');
  await page.locator('.legend button').first().waitFor({ timeout: 120_000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return ((performance.now() - start) / 1000).toFixed(1);
}

/** Frames a second that were really drawn while `act` went on. */
async function frames(act) {
  await page.evaluate(() => {
    const count = { frames: 0, longest: 0, start: performance.now(), last: performance.now() };
    const tick = (now) => {
      ++count.frames;
      count.longest = Math.max(count.longest, now - count.last);
      count.last = now;
      window.tick = requestAnimationFrame(tick);
    };
    window.tick = requestAnimationFrame(tick);
    window.counted = () => {
      cancelAnimationFrame(window.tick);
      return { rate: (1000 * count.frames) / (performance.now() - count.start), ...count };
    };
  });
  await act();
  const { rate, longest } = await page.evaluate(() => window.counted());
  return `${rate.toFixed(1)} frames a second, longest ${Math.round(longest)} ms`;
}

console.log(`loaded in ${await load()} s; again in ${await load()} s`);
console.log(await page.locator('header p').textContent());
await page.keyboard.press('1'); // the hand
const frame = await page.locator('canvas').boundingBox();
const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
const pan = async () => {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; i < 100; ++i) await page.mouse.move(x + 150 * Math.sin(i / 8), y + i);
  await page.mouse.up();
};
const zoom = async () => {
  await page.mouse.move(x, y);
  for (let i = 0; i < 60; ++i) await page.mouse.wheel(0, i < 30 ? -40 : 40);
};
console.log(`panning: ${await frames(pan)}`);
console.log(`zooming: ${await frames(zoom)}`);
await page.keyboard.press('3'); // the lasso
const start = performance.now();
await page.mouse.move(x - 200, y - 200);
await page.mouse.down();
for (const [dx, dy] of [
  [200, -200],
  [200, 200],
  [-200, 200],
]) {
  await page.mouse.move(x + dx, y + dy, { steps: 5 });
}
await page.mouse.up();
const selected = await page.getByText(/fins? selected/).textContent();
console.log(`lasso: ${selected} after ${Math.round(performance.now() - start)} ms`);
await browser.close();
await server.stop();
