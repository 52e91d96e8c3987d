import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { Advice, Finding } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { isManagedRotation } from '../../../../../src/monitor/domain/secret/secret.ts';
import { forbiddenAdvice } from '../../../../../src/proving/court/checks/bad-advice.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { shellWords } from '../../../../support/shell-words.ts';

/** The text an operator reads, from the first line to the last. */
interface Read {
  readonly given: Facts;
  readonly finding: Finding;
  readonly advice: readonly Advice[];
  readonly commands: readonly string[];
}

function forAllAdvice(check: (read: Read) => void): void {
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const finding of judge(given, NOW)) {
        const { advice } = explain(finding, given, NOW);
        check({ given, finding, advice, commands: advice.flatMap(({ commands }) => commands) });
      }
    }),
    { numRuns: 1500 },
  );
}

/** Independent of the code under test: what is recorded about the version, oldest first. */
const record = ({ given, finding }: Read): readonly Evidence[] =>
  given.evidence.filter(({ versionId, at }) =>
    versionId === undefined
      ? given.pending !== undefined && at >= given.pending.since
      : versionId === (finding.pendingVersionId ?? given.pending?.versionId),
  );

const failures = (read: Read) => record(read).filter(({ kind }) => kind === 'rotation-failed');

const isPromotion = (command: string) => command.includes('AWSCURRENT') || command.includes('"finishSecret"');
const isRemoval = (command: string) => /AWSPENDING --remove-from-version-id/.test(command);

test('no advice is one that the judge of advice forbids', () => {
  forAllAdvice((read) => {
    const { given, advice } = read;
    const found = forbiddenAdvice(advice, {
      managed: isManagedRotation(given.secret),
      setBegun: () => failures(read).some(({ step }) => step !== undefined && step !== 'createSecret'),
      labels: (versionId) => given.secret.versionStages[versionId] ?? [],
      currentId: CURRENT,
    });
    expect(found).toEqual([]);
  });
});

test('AWSCURRENT only ever moves forward, to the version that is pending', () => {
  forAllAdvice(({ commands }) => {
    for (const command of commands) {
      const words = shellWords(command);
      const target = words[words.indexOf('--move-to-version-id') + 1];
      if (words.includes('--move-to-version-id'))
        expect([CURRENT, PREVIOUS].includes(target ?? '') && words.includes('AWSCURRENT')).toBe(false);
      if (words.includes('AWSCURRENT')) expect(target).toBe(PENDING);
    }
  });
});

test('managed rotation has no function log, and its labels are left alone', () => {
  forAllAdvice(({ given, commands }) => {
    if (!isManagedRotation(given.secret)) return;
    expect(commands.join('\n')).not.toMatch(
      /aws logs|lambda|update-secret-version-stage|rotate-secret(?!.*--rotation-rules)/,
    );
  });
});

test('no secret value is ever read, and no command stops a rotation', () => {
  forAllAdvice(({ commands }) => {
    expect(commands.join('\n')).not.toMatch(
      /get-secret-value|get-random|cancel-rotate|delete-(?!function-concurrency)|put-secret/,
    );
  });
});

test('every command is complete: it names the region and, for the secret, its full ARN', () => {
  forAllAdvice(({ given, commands }) => {
    for (const command of commands.filter((line) => !line.includes('"$('))) {
      const words = shellWords(command);
      const region = words[words.indexOf('--region') + 1];
      const isElsewhere = given.replicas?.some((replica) => replica.region === region) === true;
      if (!isElsewhere) expect(region).toBe(given.secret.region);
      if (words.includes('--secret-id'))
        expect(words[words.indexOf('--secret-id') + 1]).toBe(given.secret[isElsewhere ? 'name' : 'arn']);
      expect(command.replace(' <<< ', ' ')).not.toMatch(/[<>]|undefined|\n/);
    }
  });
});

test('no rotation is asked for while a pending version would make AWS refuse it', () => {
  forAllAdvice(({ given, commands }) => {
    const rotation = commands.findIndex((command) => command.includes('rotate-secret'));
    if (rotation < 0 || given.pending === undefined || isManagedRotation(given.secret)) return;
    expect(commands.slice(0, rotation).some((command) => isRemoval(command) || isPromotion(command))).toBe(
      true,
    );
  });
});

test('every finding says what to do, and every text is a sentence', () => {
  forAllAdvice(({ advice }) => {
    expect(advice.length).toBeGreaterThan(0);
    for (const { text } of advice) expect(text).toMatch(/^[A-Z"].*[.]$/);
  });
});
