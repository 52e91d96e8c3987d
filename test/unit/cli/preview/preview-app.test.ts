import { expect, test } from 'vitest';
import type { InboxMail } from '../../../../src/cli/preview/inbox-html.ts';
import { previewApp } from '../../../../src/cli/preview/serve-preview.ts';
import { memoryDashboardSource } from '../../../../src/monitor/adapters/memory/watch/memory-dashboard-source.ts';
import { NOW } from '../../../support/builders.ts';

/** The parts of the JSON that tests look at. */
interface Answer {
  readonly name: string;
  readonly fault?: string;
  readonly inbox: string;
  readonly widgets: readonly { readonly html: string }[];
}
const read = async (response: Response | Promise<Response>): Promise<Answer> =>
  (await (await response).json()) as Answer;

const mail: InboxMail = {
  at: NOW,
  address: 'oncall@example.com',
  subject: '[CRITICAL] <orders>',
  message: 'Dead & gone',
};

function open(mails: readonly InboxMail[] | undefined = [mail]) {
  const body = {
    widgets: [{ type: 'text', x: 0, y: 0, width: 24, height: 2, properties: { markdown: '# Hello' } }],
  };
  return previewApp({
    source: memoryDashboardSource({ bodies: { fleet: JSON.stringify(body) } }),
    dashboards: ['fleet', 'secrets'],
    now: () => NOW,
    status: () => 'a drill',
    mails: mails && (() => mails),
    refreshMs: 2000,
  });
}

test('the page loads what it needs from this server only', async () => {
  const get = open();
  expect((await get('/')).headers.get('location')).toBe('/dashboards/fleet');
  const page = await get('/dashboards/fleet');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, url = '']) => url)
    .filter((url) => url !== 'data:,');
  expect(loaded.every((url) => url.startsWith('/'))).toBe(true);
  for (const url of loaded) expect((await get(url)).status, url).toBe(200);
});

test('the JSON has the widgets, the status and the inbox', async () => {
  const answer = await read(open()('/api/dashboards/fleet'));
  expect(answer).toMatchObject({ name: 'fleet', status: 'a drill' });
  expect(answer.widgets[0]?.html).toContain('<h1>Hello</h1>');
  expect(answer.inbox).toContain('<b>[CRITICAL] &lt;orders&gt;</b>');
  expect(answer.inbox).toContain('class="mail grave"');
  expect(answer.inbox).toContain('Dead &amp; gone');
});

test('what an alarm sends is shown as people read it', async () => {
  const message = JSON.stringify({ AlarmDescription: 'No sweep.', NewStateReason: 'Threshold Crossed: …' });
  const alarm = { ...mail, subject: 'ALARM: "sweep-missing" in EU (Ireland)', message };
  const { inbox } = await read(open([alarm])('/api/dashboards/fleet'));
  expect(inbox).toContain('No sweep.\n\nThreshold Crossed: …');
});

test('without an inbox there is none', async () => {
  const get = open([]);
  expect((await read(get('/api/dashboards/fleet'))).inbox).toContain('No mail yet');
  const app = previewApp({
    source: memoryDashboardSource({}),
    dashboards: ['fleet'],
    now: () => NOW,
    status: () => '',
    mails: undefined,
    refreshMs: 1,
  });
  expect(await (await app('/dashboards/fleet')).text()).not.toContain('Inbox');
});

test.each([
  '/assets/nothing.js',
  '/assets/constructor',
  '/assets/..%2f..%2fpackage.json',
  '/dashboards/a%2fb',
  '/elsewhere',
])('%s is not found', async (path) => {
  expect((await open()(path)).status).toBe(404);
});

test('a dashboard that does not exist says so', async () => {
  expect((await read(open()('/api/dashboards/secrets'))).fault).toContain('There is no dashboard');
});
