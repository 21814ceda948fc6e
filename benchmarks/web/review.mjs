// From a key to the next pair over a large catalogue, and what 200 reviews leave in memory.
//
//   FINVIEW=… node benchmarks/web/review.mjs PROJECT
import { newPage, startBrowser, startServer, until } from '../../web/e2e/support.mjs';

const server = await startServer(process.argv[2]);
const browser = await startBrowser();
const { page } = await newPage(browser, server.address);
const session = await page.context().newCDPSession(page);

async function heapBytes() {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** From a key until both pictures of the next pair are in the page, and on the screen. */
async function next(key) {
  await page.evaluate(() => {
    const pictures = () => [...document.querySelectorAll('section .frame .whole img')];
    const old = pictures()[0]?.src;
    const drawn = new Promise((resolve) => {
      const watch = new PerformanceObserver((list) => {
        const pressed = list.getEntries().find((entry) => entry.name === 'keydown');
        if (pressed) resolve(pressed.duration);
      });
      watch.observe({ type: 'event', durationThreshold: 16 });
      setTimeout(resolve, 1000, 16); // quicker ones are not told
    });
    const shown = async ({ timeStamp }) => {
      for (;;) {
        await new Promise(requestAnimationFrame);
        const now = pictures();
        if (now.length === 2 && now[0].src !== old && now.every((one) => one.complete)) break;
      }
      const placed = performance.now() - timeStamp;
      return [placed, Math.max(placed, await drawn)];
    };
    window.shown = new Promise((resolve) =>
      addEventListener('keydown', (event) => resolve(shown(event)), { once: true }),
    );
  });
  await page.keyboard.press(key);
  return page.evaluate(() => window.shown);
}

await page.goto('/review?queue=likely');
await page.locator('.candidate.selected').waitFor();
console.log(await page.locator('.place').textContent());
const num = 200;
const pause = 400; // quick for a person
const placed = [];
const drawn = [];
let before = 0;
for (let i = 0; i < num + 20; ++i) {
  await page.waitForTimeout(pause);
  if (i === 20) before = await heapBytes();
  const [in_page, on_screen] = await next(i % 4 === 3 ? 'u' : 'Enter');
  if (i < 20) continue;
  placed.push(in_page);
  drawn.push(on_screen);
}
await until('everything is saved', async () => (await page.getByText('Saving').count()) === 0);
await page.waitForTimeout(3000);
const grown = (await heapBytes()) - before;
for (const [name, times] of [
  ['in the page', placed],
  ['on the screen', drawn],
]) {
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.floor(share * (num - 1))]);
  console.log(
    `next pair ${name}, a decision each ${pause} ms: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
  );
}
console.log(`memory after ${num} reviews: ${(grown / 1e6).toFixed(1)} MB more`);
await browser.close();
await server.stop();
