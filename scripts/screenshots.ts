import { badWeekAudit } from './screenshots/bad-week-audit.ts';
import { chromiumPath, headlessBrowser } from './screenshots/headless-browser.ts';
import { showDashboards } from './screenshots/shown-dashboards.ts';
import { toolCommand } from './tools/tool-command.ts';

/** Size of the window: as wide as a usual laptop, as high as its first screen. */
const VIEWPORT = { width: 1440, height: 900 };
/** The part of an audit above its trend. */
const AUDIT = { x: 0, y: 0, width: 1440, height: 1440 };
const FOLDER = 'docs/images';

/** Writes a picture of every dashboard after a drill, and of the audit of its secrets. */
async function takeScreenshots(executablePath: string): Promise<void> {
  const shown = await showDashboards();
  const browser = await headlessBrowser(executablePath);
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.setContent(await badWeekAudit());
    await page.screenshot({ path: `${FOLDER}/audit.png`, fullPage: true, clip: AUDIT });
    console.log(`${FOLDER}/audit.png`);
    for (const name of shown.stage.dashboards) {
      await page.goto(`${shown.url}/dashboards/${name}`);
      await page.waitForSelector('body[data-drawn]');
      // The README names the pictures; the dashboards carry the region in their names.
      const picture = `${FOLDER}/rotation-monitor-${name.split('-').at(-1)}.png`;
      await page.screenshot({ path: picture, fullPage: true });
      console.log(picture);
    }
  } finally {
    await browser.close();
    await shown.close();
  }
}

toolCommand({
  name: 'npm run screenshots --',
  does: `Takes the pictures of the documentation, in the folder "${FOLDER}". Needs Chromium.`,
  examples: ['npm run screenshots'],
  exitCodes: { 0: 'all are taken', 1: 'one could not be taken', 3: 'there is no Chromium on this machine' },
}).parse();

const path = chromiumPath();
if (path === undefined) {
  console.error(
    'There is no Chromium on this machine: install it, for instance with "apt-get install chromium".',
  );
  process.exitCode = 3;
} else {
  await takeScreenshots(path);
}
