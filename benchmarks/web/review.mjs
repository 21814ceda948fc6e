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

/** Until both pictures of the next pair are there, drawn. */
const next = (key) =>
  page.evaluate(async (pressed) => {
    const pictures = () => [...document.querySelectorAll('section .frame .whole img')];
    const old = pictures()[0]?.src;
    const start = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }));
    for (;;) {
      await new Promise(requestAnimationFrame);
      const now = pictures();
      if (now.length === 2 && now[0].src !== old && now.every((one) => one.complete)) break;
    }
    return performance.now() - start;
  }, key);

await page.goto('/review?queue=likely');
await page.locator('.candidate.selected').waitFor();
console.log(await page.locator('.place').textContent());
const num = 200;
const pause = 400; // quick for a person
const times = [];
let before = 0;
for (let i = 0; i < num + 20; ++i) {
  await page.waitForTimeout(pause);
  if (i === 20) before = await heapBytes();
  const ms = await next(i % 4 === 3 ? 'u' : 'Enter');
  if (i >= 20) times.push(ms);
}
await until('everything is saved', async () => (await page.getByText('Saving').count()) === 0);
await page.waitForTimeout(3000);
const grown = (await heapBytes()) - before;
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.floor(share * (num - 1))]);
console.log(
  `next pair, a decision each ${pause} ms: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
);
console.log(`memory after ${num} reviews: ${(grown / 1e6).toFixed(1)} MB more`);
await browser.close();
await server.stop();
