import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { runInBash, type Typed } from '../support/bash-aws.ts';
import { nameIn, worldFor } from '../support/fitting-world.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

const FOLDER = 'docs/runbooks';
/** Reads of what the simulator does not have. */
const NOT_PLAYED = /--region us-east-1|get-resource-policy|describe-trails/;

/** A block of commands of a runbook. */
interface Block {
  readonly page: string;
  /** The heading above it, and which of its blocks it is. */
  readonly title: string;
  readonly script: string;
}

/** The blocks of a page; variables that a page sets hold for all blocks below. */
function blocksOf(page: string): {
  readonly variables: readonly string[];
  readonly blocks: readonly Block[];
} {
  const variables: string[] = [];
  const blocks: Block[] = [];
  let heading = '';
  let block: string[] | undefined;
  for (const line of readFileSync(`${FOLDER}/${page}.md`, 'utf8').split('\n')) {
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    else if (line === '```sh') block = [];
    else if (line === '```' && block !== undefined) {
      const script = block.filter((each) => each.startsWith('aws ')).join('\n');
      variables.push(...block.filter((each) => /^[A-Z_]+=/.test(each)));
      if (script !== '') blocks.push({ page, title: `${heading}, ${blocks.length + 1}`, script });
      block = undefined;
    } else block?.push(line);
  }
  return { variables, blocks };
}

const PAGES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md') && !['README.md', 'alarms.md'].includes(name))
  .map((name) => name.slice(0, -3));
const BLOCKS = PAGES.flatMap((page) => blocksOf(page).blocks);

/** The variables of a page with the values of the world. */
function setFor({ page, script }: Block, simulator: TestSimulator): string {
  const arn = [...simulator.secretsManager.secrets()].find(({ name }) => name === nameIn(script))?.arn ?? '';
  return blocksOf(page)
    .variables.map((line) => (line.startsWith('SECRET=') ? `SECRET=${arn}` : line))
    .join('\n');
}

/** Commands that may be refused: the text above them says so. */
const FORESEEN = /aws rds modify-db/;

const isRefused = ({ line, outcome }: Typed): boolean => outcome.kind === 'refused' && !FORESEEN.test(line);

describe('every command of a runbook runs as it is typed', () => {
  test.each(BLOCKS)('$page: $title', async (block) => {
    const simulator = await worldFor(block.script);
    const typed = await runInBash(simulator, `${setFor(block, simulator)}\n${block.script}`);
    expect(typed.filter(isRefused).map(({ line, outcome }) => ({ line, outcome }))).toEqual([]);
    expect(
      typed.filter(({ outcome }) => outcome.kind === 'skipped').filter(({ line }) => !NOT_PLAYED.test(line)),
    ).toEqual([]);
    expect(typed.length).toBeGreaterThanOrEqual(block.script.split('\n').length);
    if (/rds modify/.test(block.script))
      expect(
        typed.filter(({ outcome }) => outcome.kind === 'done' && outcome.operation.startsWith('Modify')),
      ).toHaveLength(1);
    if (/finishSecret|AWSCURRENT --move/.test(block.script)) {
      const now = simulator.secretsManager.history(nameIn(block.script)).at(-1);
      expect(now && currentLogsIn(now)).toBe(true);
    }
  });
});

describe('every command of the page of alarms runs as it is typed', () => {
  test.each(blocksOf('alarms').blocks)('$title', async (block) => {
    const simulator = await watched();
    const typed = await runInBash(simulator, `${alarmVariables(simulator)}\n${block.script}`);
    expect(typed.filter(({ line, outcome }) => outcome.kind !== 'done' && !NOT_PLAYED.test(line))).toEqual(
      [],
    );
    expect(typed.length).toBeGreaterThanOrEqual(block.script.split('\n').length);
  });
});

/** An account with a monitor, as far as the page names its parts. */
async function watched(): Promise<TestSimulator> {
  const simulator = aSimulator();
  simulator.functions.register('rotation-monitor-sweep', () => null);
  const call = (service: 'sqs' | 'sns' | 'logs', operation: string, input: object): Promise<unknown> =>
    simulator.call(service, operation, { ...input }, 'operator');
  await call('logs', 'CreateLogGroup', { logGroupName: '/aws/lambda/rotation-monitor-sweep' });
  for (const QueueName of ['rotation-monitor-events', 'rotation-monitor-dead-letters'])
    await call('sqs', 'CreateQueue', { QueueName });
  await call('sns', 'CreateTopic', { Name: 'rotation-alerts' });
  simulator.secretsManager.seed({ name: 'rotation-canary', kind: 'none' });
  return simulator;
}

/** The page's own variables, with the canary that is there. */
const alarmVariables = (simulator: TestSimulator): string => {
  const [canary] = [...simulator.secretsManager.secrets()];
  return blocksOf('alarms')
    .variables.map((line) => (line.startsWith('CANARY=') ? `CANARY=${canary?.arn}` : line))
    .join('\n');
};
