import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { type Instant, instant, MINUTE } from '../../../../src/calendar/instant.ts';
import { deny } from '../../../support/denying.ts';
import { runCommand } from '../../../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../../../support/simulated.ts';

const schema = z.fromJSONSchema(JSON.parse(readFileSync('docs/schemas/cost.json', 'utf8')));
const EXAMPLE = ['--calls-per-hour', '1000', '--processes', '1', '--ttl', '300'];

/** An account in which secrets were read; the command asks about the thirty days before now. */
async function anAccount(): Promise<{ simulator: TestSimulator; args: readonly string[] }> {
  const simulator = aSimulator(instant(Math.floor((Date.now() - 10 * MINUTE) / MINUTE) * MINUTE) as Instant);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  simulator.secretsManager.seed({ name: 'prod/db', kind: 'none' });
  for (let reads = 0; reads < 20; reads++)
    await simulator.call('secretsmanager', 'GetSecretValue', { SecretId: 'prod/db' }, 'app');
  await simulator.call('secretsmanager', 'ListSecrets', {}, 'sweep');
  return { simulator, args: ['cost', '--endpoint-url', endpoint, '--region', 'eu-west-1'] };
}

test('a cache of 300 s leaves 8,640 of 720,000 calls, an agent up to twice as many', async () => {
  const { code, out } = await runCommand(['cost', ...EXAMPLE]);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}without a cache +720,000 +3\.60 +14\.40$/m);
  expect(out).toMatch(/^ {2}with a cache, at most +8,640 +0\.04 +0\.17$/m);
  expect(out).toMatch(/^ {2}with an agent, at most +17,280 +0\.09 +0\.35$/m);
});

test('the page explains the same figures', () => {
  const page = readFileSync('docs/cost.md', 'utf8');
  for (const figure of ['720,000', '**8,640**', '2,400', `cost ${EXAMPLE.join(' ')}`])
    expect(page).toContain(figure);
});

test('the month of an account has a line for each operation, the most called one first', async () => {
  const { args } = await anAccount();
  const { code, out } = await runCommand([...args, '--secrets', '1000']);
  expect(code).toBe(0);
  expect(out).toMatch(/ {2}GetSecretValue +20 +0\.00 +0\.00\n {2}ListSecrets +1 .*\n {2}in all +21 /);
  expect(out).toContain('1,000 × 0.40 USD = 400.00 USD a month');
  expect(out).toMatch(/The monitor, with a canary.*\n {2}CloudWatch +\d/s);
});

test('without a count of the secrets it says how to name one', async () => {
  const { args } = await anAccount();
  const { code, out } = await runCommand(args);
  expect(code).toBe(0);
  expect(out).toMatch(/Name their\s+number with --secrets\./);
  expect(out).not.toContain('The monitor');
});

test('--json obeys its schema with and without AWS', async () => {
  const { args } = await anAccount();
  const outcomes = [
    await runCommand(['cost', '--json', ...EXAMPLE]),
    await runCommand([...args, '--json']),
    await runCommand([...args, '--json', '--secrets', '2500']),
  ];
  for (const { out, err } of outcomes) {
    expect(err).toBe('');
    expect(schema.safeParse(JSON.parse(out))).toMatchObject({ success: true });
  }
  expect(JSON.parse(outcomes[0]?.out ?? '')).toMatchObject({
    direct: { calls: 720_000 },
    cache: { calls: 8_640 },
  });
});

test('a refusal is reported with the permission it takes', async () => {
  const { simulator, args } = await anAccount();
  deny(simulator, 'GetMetricData');
  const { code, err } = await runCommand(args);
  expect(code).toBe(2);
  expect(err).toMatch(/^Error: Cannot read what was used at http.*cloudwatch:GetMetricData/s);
});

test('an endpoint that is down is reported as such', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  const port = typeof address === 'object' && address !== null ? address.port : 1;
  const { code, err } = await runCommand([
    'cost',
    '--endpoint-url',
    `http://127.0.0.1:${port}`,
    '--region',
    'eu-west-1',
  ]);
  expect(code).toBe(2);
  expect(err).toContain('Check the address, and that something listens there.');
});

test.each([
  [['--processes', '2'], "'--processes' means nothing without '--calls-per-hour'"],
  [['--calls-per-hour', '0'], 'Expected a number above 0'],
  [
    ['--calls-per-hour', '5', '--secrets', '5'],
    "'--secrets <n>' cannot be used with option '--calls-per-hour <n>'",
  ],
])('%j is refused', async (args, detail) => {
  const { code, err } = await runCommand(['cost', ...args]);
  expect(code).toBe(2);
  expect(err).toContain(detail);
});
