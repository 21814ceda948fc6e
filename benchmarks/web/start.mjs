// What the first page costs: JavaScript over the wire, and when it can be used.
//
//   FINVIEW=… node benchmarks/web/start.mjs PROJECT
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { newPage, startBrowser, startServer } from '../../web/e2e/support.mjs';

const assets = fileURLToPath(new URL('../../web/dist/assets/', import.meta.url));
const server = await startServer(process.argv[2]);
const browser = await startBrowser();
const gzipped = (name) => gzipSync(readFileSync(assets + name)).length;

/** Long tasks end when the page answers: the last one before a quiet second is the start's end. */
async function open(path, shown) {
  const { page } = await newPage(browser, server.address);
  const scripts = new Set();
  page.on('request', (request) => {
    if (request.url().endsWith('.js')) scripts.add(request.url().split('/').at(-1));
  });
  await browser.startTracing(page, {
    categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline', 'loading'],
  });
  await page.goto(path);
  await page.locator(shown).first().waitFor();
  await page.waitForTimeout(1500);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await page.context().close();
  const events = trace.traceEvents;
  const starts = events.filter((event) => event.name === 'navigationStart');
  const isOurs = (event) => event.args?.data?.documentLoaderURL?.startsWith(server.address);
  const start = starts.findLast(isOurs) ?? starts.at(-1);
  if (!start) throw new Error(`The trace of ${path} says nothing of a navigation; try again.`);
  const paint = events.find((event) => event.name === 'firstContentfulPaint');
  const long = events.filter(
    (event) =>
      event.name === 'RunTask' &&
      event.pid === start.pid &&
      event.tid === start.tid &&
      event.dur > 50_000,
  );
  const ends = long.filter((event) => event.ts > start.ts).map((event) => event.ts + event.dur);
  const since = (at) => (at - start.ts) / 1000;
  const interactive = Math.max(since(paint.ts), ...ends.map(since));
  // Of the page's thread alone, whatever else the machine does.
  const busy = events
    .filter((event) => event.name === 'RunTask' && event.pid === start.pid)
    .filter((event) => event.tid === start.tid && event.ts > start.ts)
    .filter((event) => since(event.ts) < interactive)
    .reduce((sum, event) => sum + (event.tdur ?? 0) / 1000, 0);
  const bytes = [...scripts].reduce((sum, name) => sum + gzipped(name), 0);
  return { paint: since(paint.ts), interactive, busy, bytes };
}

for (const [path, shown] of [
  ['/', '.tier'],
  ['/review', '.candidate.selected'],
  ['/photos', '.tile img'],
  ['/map', '.legend button'],
]) {
  const runs = [];
  for (let i = 0; i < 5; ++i) runs.push(await open(path, shown));
  const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[2];
  console.log(
    `${path}: ${Math.round(median('bytes') / 1000)} kB of JavaScript (gzip), first paint after ` +
      `${Math.round(median('paint'))} ms, interactive after ${Math.round(median('interactive'))} ms, ` +
      `${Math.round(median('busy'))} ms of them the processor's (median of 5)`,
  );
}
const all = readdirSync(assets).filter((name) => name.endsWith('.js'));
console.log(
  `all pages together: ${Math.round(all.reduce((sum, name) => sum + gzipped(name), 0) / 1000)} kB`,
);
await browser.close();
await server.stop();
