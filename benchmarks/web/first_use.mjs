// What a new user does: drops a folder of photos on Home and waits for the first answer.
//
//   FINVIEW=… node benchmarks/web/first_use.mjs PROJECT FOLDER
import { resolve } from "node:path";

import {
  ask,
  newPage,
  startBrowser,
  startServer,
  until,
} from "../../web/e2e/support.mjs";

const [project, folder] = process.argv.slice(2);
const mostClicks = 5;
const server = await startServer(project);
const browser = await startBrowser();
const { page } = await newPage(browser, server.address);
const session = await page.context().newCDPSession(page);
let clicks = 0;
await page.exposeFunction("clicked", () => ++clicks);
await page.addInitScript(() =>
  addEventListener(
    "click",
    (event) => event.isTrusted && window.clicked(),
    true,
  ),
);

/** As the desktop does it, with the folder's path. */
async function drop(path) {
  const { x, y, width, height } = await page.locator(".zone").boundingBox();
  const data = { items: [], files: [resolve(path)], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    const at = { x: x + width / 2, y: y + height / 2 };
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  }
}

await page.goto("/");
await page.locator(".zone").waitFor();
const photosBefore = (await ask(page, "/api/project")).counts.photos;
const start = performance.now();
const say = (what) =>
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s: ${what}`);
await drop(folder);
await page
  .locator(".notice", { hasText: "have arrived" })
  .waitFor({ timeout: 600_000 });
say("the photos have arrived");
const tasks = async () => (await ask(page, "/api/tasks")).rows;
const isDone = (all) => {
  const failed = all.find((task) => task.state === "failed");
  if (failed) throw new Error(`${failed.kind} failed: ${failed.reason}`);
  return all.length >= 3 && all.every((task) => task.state === "done");
};
await until("identified", async () => isDone(await tasks()), 3600);
const { counts } = await ask(page, "/api/project");
say(`${counts.photos - photosBefore} photos are identified`);
const isFilled = { has: page.locator(".number", { hasText: /[1-9]/ }) };
await page.locator(".tier").filter(isFilled).first().click();
await page.locator(".candidate.selected").waitFor();
const pictures = page.locator("section .frame img");
await pictures.first().waitFor();
await until("the pair", () =>
  pictures.evaluateAll((all) => all.every((one) => one.complete)),
);
say("the first answer is on the screen");
console.log(`clicks after the drop: ${clicks} (at most ${mostClicks})`);
await browser.close();
await server.stop();
if (clicks > mostClicks) process.exitCode = 1;
