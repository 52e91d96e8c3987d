import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { adviceIn } from '../../src/proving/court/told/told-in.ts';
import { type CommandOutcome, parseAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { followAdvice } from '../../src/proving/operator/operator.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { type AwsShell, awsShell } from '../support/aws-shell.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { playedForTheLastMail } from '../support/played.ts';

let shell: AwsShell | undefined;
beforeAll(async () => {
  shell = await awsShell(mkdtempSync(join(tmpdir(), 'aws-cli-')), {
    AWS_ACCESS_KEY_ID: 'operator',
    AWS_SECRET_ACCESS_KEY: 'made-up',
  });
});
afterAll(() => shell?.stop());

/** Types a command into the real AWS CLI, at a simulator that listens. */
const typing =
  ({ run }: AwsShell, endpoint: string) =>
  async (line: string): Promise<CommandOutcome> => {
    const folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
    const { code, stdout, stderr } = await run(line, { folder, before: ['--endpoint-url', endpoint] });
    const text = `${stdout}${stderr}`;
    const { operation } = parseAwsCommand(line.replaceAll(/"\$\(.*?\)"/g, 'x'));
    if (code !== 0) return { kind: 'refused', operation, code: String(code), text };
    return { kind: 'done', operation, answer: text, functionError: text.includes('"FunctionError"') };
  };

/** The modes whose advice goes every way there is: finish, take off, switch on, permit, release, and let RDS rotate. */
test.for(['F5', 'F7', 'F8b', 'F11b', 'F12b', 'F25'])(
  'the AWS CLI takes what the last alert about %s says to type',
  async (id, context) => {
    if (shell === undefined) return context.skip('the AWS CLI is not installed here');
    const { simulator, alarming } = await playedForTheLastMail(id);
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const { endpoint, close } = await simulator.listen({ port: 0 });
    const desk = {
      simulator,
      secretArn: NAME,
      uuid: seededRandom(7).uuid,
      wait: () => simulator.clock.advance(5 * MINUTE),
      type: typing(shell, endpoint),
    };
    const done = await followAdvice(desk, adviceIn(alarming().at(-1)?.message ?? ''));
    await close();
    const outcomes = done.flatMap(({ commands }) => commands);
    expect(outcomes.length).toBeGreaterThan(0);
    const refused = outcomes.flatMap(({ line, outcome }) =>
      outcome.kind === 'refused' ? [{ line, text: outcome.text }] : [],
    );
    // Of an instance and a cluster the secret belongs to one, and RDS does not rotate while it is impaired.
    expect(refused.filter(({ line }) => !/aws rds modify-db/.test(line))).toEqual([]);
    for (const { text } of refused) expect(text).toContain('An error occurred');
  },
);
