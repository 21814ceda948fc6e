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
    project,
    archive,
    broken,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
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
