import { expect, onTestFinished, test } from 'vitest';
import { HOUR } from '../../src/calendar/instant.ts';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { type CliRun, runCli, startCli } from '../support/cli.ts';
import { START } from '../support/deployed.ts';

const urlIn = async (run: CliRun): Promise<string> => run.seen(/http:\/\/127\.0\.0\.1:\d+/);

/** Returns the data that the page of a dashboard gets. */
async function shownAt(url: string, name = 'rotation-monitor-eu-west-1-fleet') {
  const response = await fetch(`${url}/api/dashboards/${name}`);
  return (await response.json()) as {
    readonly fault?: string;
    readonly status: string;
    readonly inbox: string;
    readonly widgets: readonly { readonly title: string; readonly html?: string }[];
  };
}

test('the preview of a drill is served while it is played, and ends with Ctrl-C', async () => {
  const run = startCli(['dashboards', 'preview', '--days', '2', '--speed', '200']);
  onTestFinished(() => run.kill('SIGKILL'));
  const url = await urlIn(run);
  const { status, widgets, fault } = await shownAt(url);
  expect(fault).toBeUndefined();
  expect(status).toMatch(/^Drill "forty days", 2026-03-0\dT\d\d:\d\d:\d\dZ, /);
  expect(widgets.map(({ title }) => title)).toContain('Must I act?');
  expect(await (await fetch(`${url}/dashboards/rotation-monitor-eu-west-1-service`)).text()).toContain(
    '<!doctype html>',
  );
  run.kill('SIGINT');
  expect(await run.done).toMatchObject({ code: 0, stderr: 'Stopped.\n' });
});

test('the preview of an account shows what is deployed there, with --endpoint-url in place of AWS', async () => {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 1 });
  onTestFinished(() => simulator.close());
  await deployMonitor(simulator, planMonitor(simulator.home, { observability: true }));
  await clock.advance(HOUR);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const environment = {
    AWS_ACCESS_KEY_ID: 'audit',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_REGION: 'eu-west-1',
  };
  const run = startCli(['dashboards', 'preview', '--endpoint-url', endpoint], environment);
  onTestFinished(() => run.kill('SIGKILL'));
  const { status, widgets, inbox } = await shownAt(await urlIn(run));
  expect(status).toMatch(/^eu-west-1, /);
  expect(widgets.find(({ title }) => title === 'Alarms')?.html).toContain('<span>blind</span>');
  expect(inbox).toBe('');
  expect((await shownAt(await urlIn(run), 'elsewhere')).fault).toContain('There is no dashboard "elsewhere"');
  run.kill('SIGTERM');
  expect((await run.done).code).toBe(0);
});

test.each([
  [['dashboards', 'preview', '--speed', '0'], 'Expected hours from 1 to 1000'],
  [['dashboards', 'preview', '--colour'], "unknown option '--colour'"],
  [['dashboards', 'preview', '--region', 'eu-west-1'], 'no credentials were found'],
])('%s is refused with what to do', async (args, message) => {
  const { code, stdout, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/Example\n {2}rotation-monitor dashboards preview/);
});

test('help has examples', async () => {
  const { code, stdout } = await runCli(['dashboards', 'preview', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('rotation-monitor dashboards preview --region eu-west-1 --profile audit');
});
