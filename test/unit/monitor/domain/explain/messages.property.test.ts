import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { isManagedRotation } from '../../../../../src/monitor/domain/secret/secret.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { forbiddenIn } from '../../../../support/allowed-advice.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { CURRENT, NOW, PENDING } from '../../../../support/builders.ts';

test('no message advises what could cost the credential in use, whatever is known', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const found of judge(given, NOW)) {
        const finding = { ...found, ...explain(found, given, NOW) };
        for (const group of grouped([aNotification({ finding })]))
          expect(forbiddenIn(renderMessage(group, { runbookBaseUrl: undefined }).text)).toEqual([]);
      }
    }),
    { numRuns: 1500 },
  );
});

/** What the messages about a secret advise to type. */
const commandsOf = (given: Facts): readonly string[] =>
  judge(given, NOW).flatMap((found) => explain(found, given, NOW).advice.flatMap(({ commands }) => commands));

test('of a managed rotation neither labels nor logs are touched, and nothing is invoked', () => {
  const managed = anyFacts.filter(({ secret }) => isManagedRotation(secret));
  fc.assert(
    fc.property(managed, (given) => {
      const touching = /update-secret-version-stage|rotate-secret|aws lambda|aws logs/;
      expect(commandsOf(given).filter((command) => touching.test(command))).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test('without a known failing step no version is promoted', () => {
  const stepless = anyFacts.map((given) => ({
    ...given,
    evidence: given.evidence.map(({ step: _, ...fact }) => fact),
  }));
  fc.assert(
    fc.property(stepless, (given) => {
      const promoting = /finishSecret|--version-stage AWSCURRENT/;
      expect(commandsOf(given).filter((command) => promoting.test(command))).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

const label = (stage: string, rest: string) =>
  `aws secretsmanager update-secret-version-stage --version-stage ${stage} ${rest}`;
const testStep = `aws lambda invoke --payload '{"Step":"testSecret"}'`;
const stages = `AWSCURRENT is on version ${CURRENT} and AWSPENDING on version ${PENDING}.`;

test.each([
  ['reading the value', ['aws secretsmanager get-secret-value --secret-id app/db']],
  ['cancelling', ['aws secretsmanager cancel-rotate-secret --secret-id app/db']],
  ['a promotion before setSecret', ['the last step named is createSecret', label('AWSCURRENT', '')]],
  [
    'a promotion without proof',
    ['the last step named is testSecret', stages, label('AWSCURRENT', `--move-to-version-id ${PENDING}`)],
  ],
  [
    'moving AWSCURRENT back',
    [
      'the last step named is testSecret',
      stages,
      testStep,
      label('AWSCURRENT', `--move-to-version-id ${CURRENT}`),
    ],
  ],
  ['a removal without proof', [label('AWSPENDING', `--remove-from-version-id ${PENDING}`)]],
  [
    'the labels of a managed rotation',
    [
      'The rotation is managed by rds',
      'prove that AWSCURRENT still logs in',
      label('AWSPENDING', `--remove-from-version-id ${PENDING}`),
    ],
  ],
])('the check of messages finds %s', (_case, lines) => {
  expect(forbiddenIn(lines.join('\n'))).not.toEqual([]);
});
