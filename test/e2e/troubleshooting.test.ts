import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { readAgentSettings, startAgentServer } from '../../client/src/agent-server.ts';
import { DAY, formatInstant, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { printedText, runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { CURRENT, NOW, PENDING } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

/** A command of the page, and the lines that it has to print. */
interface Example {
  readonly heading: string;
  readonly command: string;
  readonly printed: readonly string[];
}

const PAGE = readFileSync('docs/troubleshooting.md', 'utf8');
const EXAMPLES: readonly Example[] = PAGE.split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [heading = ''] = section.split('\n');
    return [...section.matchAll(/```sh\n([^\n]*)\n```\n\n```text\n(.*?)\n```/gs)].map(
      ([, command = '', text = '']) => ({
        heading,
        command,
        printed: text.split('\n'),
      }),
    );
  });

/** A secret whose rotation fails at setSecret since two hours, after a test that passed. */
async function troubled(): Promise<TestSimulator> {
  const simulator = aSimulator(later(NOW, -2 * HOUR));
  const { functions, seed } = simulator.secretsManager;
  const { arn } = functions.register({ name: 'rotate-db', behaviour: 'healthy' });
  seed({
    name: 'prod/db',
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(NOW, -10 * DAY),
    versions: [{ id: CURRENT, stages: ['AWSCURRENT'] }],
  });
  const rotate = (ClientRequestToken: string, RotateImmediately: boolean) =>
    simulator.call(
      'secretsmanager',
      'RotateSecret',
      { SecretId: 'prod/db', ClientRequestToken, RotateImmediately },
      'op',
    );
  await rotate('33333333-3333-4333-8333-333333333333', false);
  await simulator.clock.advance(MINUTE);
  functions.register({ name: 'rotate-db', behaviour: 'error', step: 'setSecret' });
  await rotate(PENDING, true);
  await simulator.clock.advance(2 * HOUR);
  return simulator;
}

/** Returns the output of a command of the page where its heading applies. */
async function printedBy({ heading, command }: Example): Promise<string> {
  if (command.startsWith('curl')) return pinged();
  const simulator = await troubled();
  if (command.startsWith('aws')) {
    const outcome = await runAwsCommand(simulator, command, { uuid: () => PENDING });
    // Only what --query picks is printed; an object as JSON.
    if (outcome.kind !== 'done') throw new Error(`${command}: ${outcome.text}`);
    return command.includes('--output text')
      ? printedText(outcome.answer, command)
      : JSON.stringify(outcome.answer);
  }
  if (heading === 'Access denied') deny(simulator, 'DescribeSecret');
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const args = command.split(' ').slice(1);
  const isLocal = args[0] === 'cost' || args.includes('--endpoint-url');
  const there = isLocal ? [] : ['--endpoint-url', endpoint, '--now', formatInstant(simulator.clock.now())];
  const environment = { ROTATION_MONITOR_EVENT_HISTORY: 'false', TZ: 'UTC' };
  const { out, err } = await runCommand([...args, ...there], { environment, columns: 200 });
  return `${out}${err}`;
}

const SETTINGS = `
log_level = "none"
[secret_rotation_client]
allowed_secrets = ["prod/db"]
`;

/** Returns the agent's answer to a ping. */
async function pinged(): Promise<string> {
  const agent = await startAgentServer(
    { ...readAgentSettings(SETTINGS), port: 0 },
    { env: { AWS_TOKEN: 'the-token' } },
  );
  onTestFinished(() => agent.close());
  return (await fetch(`http://127.0.0.1:${agent.port}/ping`)).text();
}

/** Without the spaces that line up columns. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ');

test('the page has four entries, three commands and the schedule', () => {
  expect(EXAMPLES.map(({ heading }) => heading)).toEqual([
    'Access denied',
    'Connection refused',
    'Connection refused',
    'High cost',
    'Intermittent failures',
    'Three commands',
    'Three commands',
    'Three commands',
    'What to consider in a schedule',
  ]);
});

test.each(EXAMPLES)('$heading: $command prints what the page says', async (example) => {
  const printed = squeezed(await printedBy(example));
  for (const line of example.printed) expect(printed).toContain(squeezed(line));
});

test('the retrieval test prints no value', async () => {
  const example = EXAMPLES.find(({ command }) => command.includes('get-secret-value'));
  expect(example && (await printedBy(example))).toBe(CURRENT);
});
