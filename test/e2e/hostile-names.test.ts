import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { logGroupDiagnosis } from '../../src/monitor/domain/doctor/functions.ts';
import { ruleDiagnosis } from '../../src/monitor/domain/doctor/rules.ts';
import { describeNamed } from '../../src/monitor/domain/explain/commands.ts';
import { showLogs } from '../../src/monitor/domain/explain/function-commands.ts';
import { renderHealth } from '../../src/monitor/domain/message/render-health.ts';
import { parseAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { awsShell } from '../support/aws-shell.ts';
import { NOW } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { TARGET } from '../support/service.ts';
import { aSimulator } from '../support/simulated.ts';

/** Names that AWS allows for these things, and that a shell or the AWS CLI could take for something else. */
const NAMES = ['-x', '--debug', '--endpoint-url', '-1', '--', 'plain', '/aws/lambda/rotate'];
const GROUPS = [...NAMES, '#group', '-#group'];

/** The parser of options in Python 3.11, which the AWS CLI 1 runs on, drops this value in every form. */
const DROPPED = '--';

/** The command in a sentence such as `Enable it: aws events …`. */
const commandIn = (text: string | undefined): string => /aws .*$/.exec(text ?? '')?.[0] ?? '';

const rule = (name: string) => {
  const judged = { rule: { name, arn: '', isEnabled: false, pattern: undefined, targets: [] }, matching: 1 };
  return ruleDiagnosis({ what: 'Events', events: [{}] }, [judged], 'the monitor');
};

const heartbeat = (name: string): string => {
  const condition = { code: 'heartbeat-unheard', since: NOW, seen: 'It is silent.', at: [name] } as const;
  const path = { target: TARGET, alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts' };
  const { text } = renderHealth({ ...condition, told: false, overAt: undefined }, path, NOW);
  return commandIn(text.split('\n').find((line) => line.startsWith('   aws ')));
};

/** Command lines with a name from outside, the option that the name belongs to, and the member of the call. */
const COMMANDS: readonly (readonly [string, string, string])[] = [
  ...GROUPS.map((group) => [showLogs(named('db'), group, NOW), group, 'logGroupName'] as const),
  ...GROUPS.map(
    (group) =>
      [commandIn(logGroupDiagnosis('f', { logGroup: group }, false).remedy), group, 'logGroupName'] as const,
  ),
  ...NAMES.map((name) => [describeNamed(name, 'eu-west-1'), name, 'SecretId'] as const),
  ...NAMES.map((name) => [commandIn(rule(name).remedy), name, 'Name'] as const),
  ...NAMES.map((name) => [heartbeat(name), name, 'Name'] as const),
];

test.each(COMMANDS)('%s names %s', (command, name, member) => {
  expect(parseAwsCommand(command).options.input).toMatchObject({ [member]: name });
});

describe('the AWS CLI itself', () => {
  test('sends each name as it is', async (context) => {
    const simulator = aSimulator();
    const sent: unknown[] = [];
    simulator.faults.before(({ input }) => void sent.push(input));
    const { endpoint, close } = await simulator.listen({ port: 0 });
    onTestFinished(close);
    const home = mkdtempSync(join(tmpdir(), 'aws-cli-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const shell = await awsShell(home, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'operator',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_MAX_ATTEMPTS: '1',
    });
    if (shell === undefined) return context.skip('the AWS CLI is not installed');
    onTestFinished(() => shell.stop());
    const tried = COMMANDS.filter(
      ([command, name]) => !['plain', DROPPED].includes(name) && !command.includes('create-log-group'),
    );
    const { stderr } = await shell.run(
      tried.map(([command]) => `${command} --no-paginate --cli-connect-timeout 60`).join('\n'),
    );
    expect(stderr).not.toMatch(/usage:|Unknown options|expected one argument/);
    expect(sent).toMatchObject(tried.map(([, name, member]) => ({ [member]: name })));
  });
});
