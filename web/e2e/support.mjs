// What the tests of the pages share: a project on a rendered survey, the server, a browser.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const finview = process.env.FINVIEW;
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const dist = fileURLToPath(new URL('../dist', import.meta.url));

function run(...args) {
  execFileSync(finview, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A project with a known catalogue, and a survey beside it that waits to be dropped. */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'finview-web-'));
  const survey = join(folder, 'survey');
  const size = ['--individuals', '6', '--photos', '10', '--seed', '4'];
  run('synth', ...size, '--out', survey);
  const project = join(folder, 'project');
  run('project', 'init', project, '--name', 'Rendered survey');
  run('import', join(survey, 'catalogue'), '--individuals', 'auto', '--project', project);
  const archive = join(folder, 'survey.zip');
  execFileSync('zip', ['-qr', archive, 'photos'], { cwd: survey });
  const broken = join(folder, 'broken.jpg');
  writeFileSync(broken, Buffer.from('ffd8ffe000104a46494600', 'hex'));
  const copy = join(folder, 'loose.jpg');
  cpSync(firstPhoto(survey), copy);
  return {
    folder,
    truth: readTruth(survey),
    project,
    archive,
    broken,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Where the rendered fins are and whom they show. */
function readTruth(survey) {
  const lines = readFileSync(join(survey, 'truth.csv'), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [photo, left, top, width, height, individual] = line.split(',');
    const box = { left: +left, top: +top, right: +left + +width, bottom: +top + +height };
    return { photo, box, individual };
  });
}

/** Whom a fin shows, or null for what is no fin. */
export function trueIndividual(truth, fin) {
  const box = {
    left: fin.box.left_px,
    top: fin.box.top_px,
    right: fin.box.right_px,
    bottom: fin.box.bottom_px,
  };
  const area = ({ left, top, right, bottom }) =>
    Math.max(0, right - left) * Math.max(0, bottom - top);
  const overlap = (a, b) => {
    const common = area({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    });
    return common / (area(a) + area(b) - common);
  };
  const [best] = truth
    .filter((one) => fin.photo_name.endsWith(one.photo))
    .map((one) => ({ individual: one.individual, share: overlap(one.box, box) }))
    .sort((a, b) => b.share - a.share);
  return best && best.share > 0.3 ? best.individual : null;
}

function firstPhoto(survey) {
  const line = readFileSync(join(survey, 'truth.csv'), 'utf8').split('\n')[1];
  return join(survey, line.split(',')[0]);
}

/** Starts `finview serve` and waits until it says its address. */
export async function startServer(project, port = 0) {
  const server = spawn(finview, ['serve', '--project', project, '--listen', `127.0.0.1:${port}`], {
    env: { ...process.env, FINVIEW_WEB: dist },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (data) => {
      text += data;
      const found = /http:\/\/[\d.]+:\d+/.exec(text);
      if (found) resolve(found[0]);
    });
    server.on('exit', (code) => reject(new Error(`finview serve ended with ${code}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      server.removeAllListeners('exit');
      server.on('exit', resolve);
      server.kill('SIGINT');
    });
  return { address, stop };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
}

/** A window of its own; what the page complains about is kept in `faults`. */
export async function newPage(browser, address) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce', // endless animations cost more than what is tested
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, faults };
}

/** Serious findings of axe on what is shown. */
export async function axeFindings(page) {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
}

/** What the server says, asked from the page. */
export function ask(page, path) {
  return page.evaluate((url) => fetch(url).then((answer) => answer.json()), path);
}

/** A change, asked from the page. */
export async function change(page, path, body) {
  const { status, text } = await page.evaluate(
    async ([url, sent]) => {
      const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'finview' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(sent) });
      return { status: answer.status, text: await answer.text() };
    },
    [path, body],
  );
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Starts a task and waits until it is done. */
export async function taskDone(page, wish) {
  const { id } = await change(page, '/api/tasks', wish);
  const state = async () => (await ask(page, `/api/tasks/${id}`)).state;
  await until(`${wish.kind} is over`, async () => ['done', 'failed'].includes(await state()), 120);
  if ((await state()) !== 'done') throw new Error(`${wish.kind} failed`);
}

/** The mouse, pressed from the first place to the last. */
export async function drag(page, from, ...way) {
  await page.mouse.move(...from);
  await page.mouse.down();
  for (const place of way) await page.mouse.move(...place, { steps: 6 });
  await page.mouse.up();
}

/** Waits until `check` gives something true. */
export async function until(what, check, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
