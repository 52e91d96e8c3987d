import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/monitor/domain/detect/judge.ts';
import { explain } from '../../src/monitor/domain/explain/explain.ts';
import { isManagedRotation } from '../../src/monitor/domain/secret/secret.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { anyFacts } from '../support/any-facts.ts';
import { NOW } from '../support/builders.ts';
import { worldFor } from '../support/fitting-world.ts';

/** Returns the form of a command, without the names in it. */
function shapeOf(command: string): string {
  const [, service, operation] = command.split(' ');
  const step = /"Step":"(\w+)"/.exec(command)?.[1];
  const stage = /--version-stage ([a-zA-Z-]+?)(?:-\d+)? (--remove|--move)(?:-to-version-id \S+ (--remove))?/
    .exec(command)
    ?.slice(1)
    .filter((word) => word !== undefined)
    .join(' ');
  const flags = ['--no-rotate-immediately', '--rotation-rules'].filter((flag) => command.includes(flag));
  return [service, operation, step, stage, ...flags].filter((word) => word !== undefined).join(' ');
}

/** One command of each shape that messages advise, over whatever can be known about a secret that a function rotates. */
function advised(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const rotated = anyFacts.filter(({ secret }) => !isManagedRotation(secret));
  for (const facts of fc.sample(rotated, { numRuns: 4000, seed: 11 })) {
    for (const finding of judge(facts, NOW)) {
      for (const command of explain(finding, facts, NOW).advice.flatMap(({ commands }) => commands)) {
        const shape = shapeOf(command);
        // The longest leaves nothing out, such as the version that a label is taken from.
        if (command.length > (found.get(shape)?.length ?? 0)) found.set(shape, command);
      }
    }
  }
  return found;
}

const COMMANDS = advised();

/** Every command that messages advise; one more is a failure here until it has run. */
const LIST = [
  'cloudtrail lookup-events',
  'lambda add-permission',
  'lambda delete-function-concurrency',
  'lambda get-function-configuration',
  'lambda get-policy',
  'lambda invoke finishSecret',
  'lambda invoke testSecret',
  'logs filter-log-events',
  'secretsmanager describe-secret',
  'secretsmanager list-secret-version-ids',
  'secretsmanager replicate-secret-to-regions',
  'secretsmanager rotate-secret',
  'secretsmanager rotate-secret --no-rotate-immediately',
  'secretsmanager update-secret-version-stage AWSCURRENT --move',
  'secretsmanager update-secret-version-stage AWSCURRENT --move --remove',
  'secretsmanager update-secret-version-stage AWSPENDING --move',
  'secretsmanager update-secret-version-stage AWSPENDING --move --remove',
  'secretsmanager update-secret-version-stage AWSPENDING --remove',
  'secretsmanager update-secret-version-stage rotation-rescue --move',
  'secretsmanager update-secret-version-stage rotation-rescue --remove',
];

test('the list of the commands that messages advise is complete', () => {
  expect([...COMMANDS.keys()].sort()).toEqual(LIST);
});

describe('a command of a message runs as it is typed', () => {
  test.each([...COMMANDS])('%s', async (_shape, command) => {
    const simulator = await worldFor(command);
    const outcome = await runAwsCommand(simulator, command, { uuid: seededRandom(5).uuid });
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: 'done', functionError: false });
  });
});
