import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { chromiumPath, headlessBrowser } from '../../scripts/screenshots/headless-browser.ts';
import { showDashboards } from '../../scripts/screenshots/shown-dashboards.ts';
import { MINUTE } from '../../src/calendar/instant.ts';
import { drillStage } from '../../src/cli/preview/drill-stage.ts';
import { servePreview } from '../../src/cli/preview/serve-preview.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import { ALL_IS_WELL } from '../support/scenarios.ts';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Starts the machine's Chromium; a test without one is skipped. */
async function aBrowser({ skip }: TestContext): Promise<Browser> {
  const path = chromiumPath() ?? skip('There is no Chromium on this machine');
  const browser = await headlessBrowser(path);
  onTestFinished(() => browser.close());
  return browser;
}

/** A page that has been drawn, and what went wrong or elsewhere on the way. */
async function opened(browser: Browser, url: string, viewport = DESK) {
  const page = await browser.newPage({ viewport });
  const troubles: string[] = [];
  page.on('pageerror', ({ message }) => void troubles.push(message));
  page.on('console', (message) => void (message.type() === 'error' && troubles.push(message.text())));
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|about:)/.test(request.url())) troubles.push(request.url());
  });
  await page.goto(url);
  await page.waitForSelector('body[data-drawn]');
  return { page, troubles };
}

const titlesOf = (page: Page, selector: string): Promise<readonly string[]> =>
  page.$$eval(selector, (found) => found.map((each) => each.textContent ?? ''));

/** Texts that are wider than their place. */
const clipped = (page: Page): Promise<readonly string[]> =>
  page.$$eval('.title, .number .label, .alarm span, nav a', (found) =>
    found
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
      .map((each) => each.textContent ?? ''),
  );

/** Returns the elements that are wider than the page, or have to be scrolled within it. */
const unfit = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[document, ...[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)]
    .flatMap((part) => [part.documentElement, ...part.querySelectorAll('body *')]
      .filter((each) => {
        const isPage = each === document.documentElement;
        const scrolls = isPage || each === part.documentElement || getComputedStyle(each).overflow !== 'visible';
        const tooHigh = !isPage && each.scrollHeight > each.clientHeight + 1;
        return scrolls && (each.scrollWidth > each.clientWidth + 1 || tooHigh);
      })
      .map(({ tagName, className }) => tagName + '.' + className))`);

/** Texts of what is painted red: as text, ground or border. */
const red = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('body *')].filter((each) => {
    const { color, backgroundColor, borderLeftColor, borderLeftWidth, stroke } = getComputedStyle(each);
    const colors = [color, backgroundColor, stroke, ...(borderLeftWidth === '0px' ? [] : [borderLeftColor])];
    return colors.some((text) => {
      const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
      return a > 0 && r > 160 && g < 90 && b < 90;
    });
  }).map((each) => each.textContent)`);

test('after a drill every dashboard is readable: nothing empty, nothing clipped, nothing from elsewhere', async (context) => {
  const browser = await aBrowser(context);
  // Sweeps take most of the time; with fewer of them the dashboards are as full.
  const shown = await showDashboards({ sweepEveryMs: 30 * MINUTE });
  onTestFinished(() => shown.close());
  for (const name of shown.stage.dashboards) {
    const { page, troubles } = await opened(browser, `${shown.url}/dashboards/${name}`);
    expect(troubles, name).toEqual([]);
    const empty = await titlesOf(page, '.widget.empty > .title');
    // No application of the drill has a local agent or says which version it uses.
    expect(
      empty.filter((title) => !/^Local agents|^Until all use the new version/.test(title)),
      name,
    ).toEqual([]);
    expect(await titlesOf(page, '.fault'), name).toEqual([]);
    expect(await clipped(page), name).toEqual([]);
    expect(await page.$$eval('.plot canvas', (found) => found.length), name).toBeGreaterThan(1);
    expect(await page.$$eval('#inbox .mail', (found) => found.length), name).toBeGreaterThan(5);
    if ((await page.$('iframe')) !== null) await expectOpenAlerts(page);
    await expectNoScrollBars(page, name);
    const { page: onPhone } = await opened(browser, `${shown.url}/dashboards/${name}`, PHONE);
    await expectNoScrollBars(onPhone, name);
  }
});

/** Everything is read by scrolling the page up and down, on a desk and on a phone. */
async function expectNoScrollBars(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    `[...document.querySelectorAll('iframe')].every(({ style }) => style.height !== '')`,
  );
  expect(await unfit(page), `${name} at ${page.viewportSize()?.width} px`).toEqual([]);
}

/** The widget of open alerts shows the dead credential first, with its command. */
async function expectOpenAlerts(page: Page): Promise<void> {
  const widget = page.frameLocator('iframe');
  expect(await widget.locator('table').innerText()).toMatch(/^[\s\S]{0,80}CRITICAL\s+ledger\/db/);
  expect(await widget.locator('pre').first().innerText()).toMatch(/^rotation-monitor explain arn:/);
}

test('while all is well nothing is red', async (context) => {
  const browser = await aBrowser(context);
  const { stage, play, stop } = await drillStage(checkScenario(ALL_IS_WELL));
  await play(Number.POSITIVE_INFINITY);
  const preview = await servePreview(stage, 0);
  onTestFinished(async () => {
    await preview.close();
    await stop();
  });
  for (const name of stage.dashboards) {
    const { page, troubles } = await opened(browser, `${preview.url}/dashboards/${name}`);
    expect(troubles, name).toEqual([]);
    expect(await red(page), name).toEqual([]);
  }
});
