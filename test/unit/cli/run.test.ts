import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { run } from '../../../src/cli/run.ts';
import { aTerminal } from '../../support/terminal.ts';

test('--version prints the version of the package and nothing else', async () => {
  const terminal = aTerminal();
  expect(await run(['--version'], terminal)).toBe(0);
  expect([terminal.out(), terminal.err()]).toEqual([`${manifest.version}\n`, '']);
});

test('--help names every command, with examples and exit codes', async () => {
  const terminal = aTerminal();
  expect(await run(['--help'], terminal)).toBe(0);
  expect(terminal.out()).toMatch(/drill .*sweep .*simulate .*Examples:.*Exit codes:/s);
});

test.each(['cost', 'doctor', 'drill', 'replay', 'simulate', 'sweep'])(
  '%s --help has examples and exit codes',
  async (command) => {
    const terminal = aTerminal();
    expect(await run([command, '--help'], terminal)).toBe(0);
    expect(terminal.out()).toMatch(
      new RegExp(`Examples:\n {2}rotation-monitor ${command} .*Exit codes:`, 's'),
    );
  },
);

test('no command at all is answered with the help, on stderr, and exit code 2', async () => {
  const terminal = aTerminal();
  expect(await run([], terminal)).toBe(2);
  expect([terminal.out(), terminal.err()]).toEqual(['', expect.stringContaining('Usage: rotation-monitor')]);
});

test.each([
  [['swep'], "unknown command 'swep'", 'rotation-monitor --help'],
  [['sweep', '--frobnicate'], "unknown option '--frobnicate'", 'rotation-monitor sweep --help'],
  [['sweep', '--now', 'tomorrow'], 'Expected a time with a zone', 'rotation-monitor sweep --help'],
  [['sweep', 'x'], 'too many arguments', 'rotation-monitor sweep --help'],
  [['simulate'], "required option '--port <port>'", 'rotation-monitor simulate --help'],
  [
    ['simulate', '--port', '0', '--inbox', 'x'],
    "'--inbox' means nothing without '--scenario'",
    'rotation-monitor simulate --help',
  ],
  [
    ['simulate', '--port', '0', '--until', 'P3D'],
    "'--until' means nothing without '--scenario'",
    'rotation-monitor simulate --help',
  ],
  [
    ['drill', '--json', '--verbose'],
    "'--verbose' cannot be used with option '--json'",
    'rotation-monitor drill --help',
  ],
  [
    ['dashboards', 'preview', '--region', 'eu-west-1', '--days', '3'],
    "'--region <region>' cannot be used with option '--days <n>'",
    'rotation-monitor dashboards preview --help',
  ],
  [
    ['dashboards', 'preview', '--prefix', 'x'],
    "'--prefix' means nothing without '--region'",
    'rotation-monitor dashboards preview --help',
  ],
])('the mistake in %j is reported in four parts, with exit code 2', async (args, detail, example) => {
  const terminal = aTerminal();
  expect(await run(args, terminal)).toBe(2);
  expect(terminal.out()).toBe('');
  expect(terminal.err()).toMatch(/^Error: Cannot read the command line\n {2}/);
  expect(terminal.err()).toContain(detail);
  expect(terminal.err()).toContain(
    `\n\nHow to solve this\n  Read the help of the command.\n\nExample\n  ${example}\n`,
  );
});

test('whoever names a secret that begins with a hyphen learns where to put it', async () => {
  const terminal = aTerminal();
  expect(await run(['explain', '-prod/db'], terminal)).toBe(2);
  expect(terminal.err()).toContain('A name that begins with a hyphen stands behind --, after all options.');
});

test('a scenario file that is not there is reported without a stack trace', async () => {
  const terminal = aTerminal();
  expect(await run(['simulate', '--port', '0', '--scenario', '/nonexistent.json'], terminal)).toBe(2);
  expect(terminal.err()).toContain('Cannot read the file: it does not exist\n  ENOENT');
  expect(terminal.err()).not.toMatch(/^\s+at /m);
});

test('a port that is taken is refused before anything is played', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const terminal = aTerminal();
  const args = ['simulate', '--port', String(port), '--scenario', 'default', '--until', 'PT1H'];
  expect(await run(args, terminal)).toBe(2);
  expect(terminal.err()).toContain('Cannot listen on the port: another program uses it');
  expect(terminal.out()).toBe('');
});

test('a folder for e-mails that cannot be made is refused before anything is played', async () => {
  const terminal = aTerminal();
  const args = ['simulate', '--port', '0', '--scenario', 'default', '--inbox', 'package.json/inbox'];
  expect(await run(args, terminal)).toBe(2);
  expect(terminal.err()).toContain('Error: Cannot use the path: a part of it is a file\n  ENOTDIR');
});
