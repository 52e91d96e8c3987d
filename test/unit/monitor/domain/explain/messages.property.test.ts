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
import { NOW } from '../../../../support/builders.ts';

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

/** Returns the commands that the messages about a secret advise. */
const commandsOf = (given: Facts): readonly string[] =>
  judge(given, NOW).flatMap((found) => explain(found, given, NOW).advice.flatMap(({ commands }) => commands));

test('of a managed rotation neither labels nor logs are touched, and nothing is invoked', () => {
  const managed = anyFacts.filter(({ secret }) => isManagedRotation(secret));
  fc.assert(
    fc.property(managed, (given) => {
      const touching = /update-secret-version-stage|rotate-secret(?!.*--rotation-rules)|aws lambda|aws logs/;
      expect(commandsOf(given).filter((command) => touching.test(command))).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test('without a known failing step a version is promoted only where the log shows how far it came', () => {
  const stepless = anyFacts.map((given) => ({
    ...given,
    evidence: given.evidence.map(({ step: _, ...fact }) => fact),
  }));
  fc.assert(
    fc.property(stepless, (given) => {
      const promoting = judge(given, NOW)
        .flatMap((found) => explain(found, given, NOW).advice)
        .filter(({ commands }) => /finishSecret|--version-stage AWSCURRENT/.test(commands.join('\n')));
      for (const { text } of promoting)
        expect(text).toMatch(/^Only if .* and the log of the function shows that setSecret ran/);
    }),
    { numRuns: 1500 },
  );
});
