import { expect, test } from 'vitest';
import { sweepJson } from '../../../../src/cli/sweep/sweep-json.ts';
import { aFinding, anAuditFinding, aResult } from '../../../support/sweep-results.ts';

const CONSOLE =
  'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1';

test('sweepJson has the promised fields and no others, with instants in ISO 8601', () => {
  const unverifiable = [{ secretArn: 'arn', secretName: 'x', reason: 'denied' }];
  const finding = aFinding();
  expect(JSON.parse(sweepJson(aResult({ findings: [finding], unverifiable })))).toEqual({
    schemaVersion: 1,
    account: '111122223333',
    region: 'eu-west-1',
    observed: 12,
    findings: [
      {
        secretArn: finding.secretArn,
        secretName: 'prod/db',
        code: 'stuck-pending',
        severity: 'HIGH',
        since: '2026-11-21T08:00:00Z',
        unconfirmed: false,
        what: finding.what,
        why: finding.why,
        blastRadius: finding.blastRadius,
        advice: finding.advice,
        links: [
          { label: 'Console', url: CONSOLE },
          { label: 'Runbook', url: 'docs/runbooks/stuck-pending.md' },
        ],
        acknowledge: null,
      },
    ],
    unverifiable,
    replicas: 0,
    apiCalls: 1,
  });
});

test('sweepJson has null for an account that nobody returned', () => {
  expect(JSON.parse(sweepJson(aResult({ account: undefined })))).toMatchObject({ account: null });
});

test('sweepJson adds what an audit found, with null where nobody knows since when', () => {
  const known = anAuditFinding();
  const audit = { findings: [known, anAuditFinding({ since: undefined })], incomplete: 2 };
  expect(JSON.parse(sweepJson(aResult({ audit })))).toMatchObject({
    audit: [
      {
        secretArn: known.secretArn,
        secretName: 'prod/db',
        code: 'unused',
        severity: 'LOW',
        since: '2026-11-21T08:00:00Z',
        what: known.what,
        risk: known.risk,
        advice: known.advice,
      },
      { since: null },
    ],
    auditIncomplete: 2,
  });
  expect(JSON.parse(sweepJson(aResult()))).not.toHaveProperty('audit');
});
