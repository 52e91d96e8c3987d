import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderMessage } from '../../../../src/domain/alert/render-message.ts';
import { judge } from '../../../../src/domain/detect/judge.ts';
import { explain } from '../../../../src/domain/explain/explain.ts';
import { aNotification } from '../../../support/alerts.ts';
import { forbiddenIn } from '../../../support/allowed-advice.ts';
import { anyFacts } from '../../../support/any-facts.ts';
import { CURRENT, NOW, PENDING } from '../../../support/builders.ts';

test('no message advises what could cost the credential in use, whatever is known', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const found of judge(given, NOW)) {
        const finding = { ...found, ...explain(found, given, NOW) };
        const { text } = renderMessage(
          { kind: 'alerts', notifications: [aNotification({ finding })], before: 0 },
          { runbookBaseUrl: undefined },
        );
        expect(forbiddenIn(text)).toEqual([]);
      }
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
