import { newPage, startBrowser, startServer } from './support.mjs';
const server = await startServer(process.argv[2]);
const browser = await startBrowser();
for (const where of process.argv.slice(3)) {
const { page } = await newPage(browser, server.address);
const t0 = Date.now();
page.on('request', (r) => console.log(Date.now() - t0, '>', r.url().slice(-60)));
page.on('requestfinished', async (r) => { const t = Date.now() - t0; const x = r.timing(); console.log(t, '<', r.url().slice(-60), 'start', Math.round(x.startTime - t0), 'ttfb', Math.round(x.responseStart), 'end', Math.round(x.responseEnd)); });
await page.goto(where);
await page.waitForTimeout(4000);
console.log(await page.evaluate(() => JSON.stringify([...performance.getEntriesByType('navigation').map((e) => [e.responseEnd, e.domInteractive, e.domContentLoadedEventEnd, e.loadEventEnd]), ...performance.getEntriesByType('paint').map((e) => [e.name, e.startTime])])));
await page.context().close();
}
await browser.close(); await server.stop();
