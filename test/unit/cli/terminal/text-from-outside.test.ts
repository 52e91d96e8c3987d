import pc from 'picocolors';
import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../src/calendar/instant.ts';
import { ackText } from '../../../../src/cli/ack/ack-output.ts';
import { AuditText } from '../../../../src/cli/audit/audit-text.ts';
import { pushText } from '../../../../src/cli/audit/push-output.ts';
import { verifyText } from '../../../../src/cli/audit/verify-output.ts';
import { doctorText } from '../../../../src/cli/doctor/doctor-text.ts';
import { exceptText } from '../../../../src/cli/except/except-output.ts';
import { explainText } from '../../../../src/cli/explain/explain-text.ts';
import { functionText } from '../../../../src/cli/fix/fix-function-output.ts';
import { refusalText } from '../../../../src/cli/fix/fix-text.ts';
import { silenceText } from '../../../../src/cli/silence/silence-output.ts';
import { statusText } from '../../../../src/cli/status/status-text.ts';
import { sweepText } from '../../../../src/cli/sweep/sweep-text.ts';
import { renderError } from '../../../../src/cli/terminal/cli-error.ts';
import { NOW } from '../../../support/builders.ts';
import { aRepairer } from '../../../support/repairing.ts';
import { aProvenance, aSecretAudit, aSummary, aVerdict } from '../../../support/reports.ts';
import { named } from '../../../support/secrets.ts';
import { aSimulator } from '../../../support/simulated.ts';
import { aFinding, aResult } from '../../../support/sweep-results.ts';

/** A text as somebody may put it into a name, a tag, a reason or an answer. */
const HOSTILE = 'x\nFORGED: all is well\u001B[2J\u009B1A\u202E\u200B';
const FRAME = { colors: pc.createColors(false), columns: 1000 };
const SECRET = { ...named('app/db'), name: HOSTILE };
const UNTIL = later(NOW, HOUR);

/** What the commands say about one stuck secret of a simulated account. */
async function aView() {
  const simulator = aSimulator();
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'testSecret' });
  simulator.secretsManager.seed({ name: 'app/db', kind: 'function', function: 'rotate', schedule: 30 });
  const token = { SecretId: 'app/db', ClientRequestToken: 'c'.repeat(32) };
  await simulator.call('secretsmanager', 'RotateSecret', token, 'operator');
  await simulator.clock.advance(2 * HOUR);
  const { view } = await aRepairer(simulator).propose('app/db');
  const findings = view.findings.map((finding) => ({
    ...finding,
    what: HOSTILE,
    why: [HOSTILE],
    blastRadius: HOSTILE,
    advice: [{ text: HOSTILE, commands: [`aws ${HOSTILE}`] }],
    changes: [{ at: NOW, who: HOSTILE, what: HOSTILE }],
  }));
  expect(findings.length).toBeGreaterThan(0);
  const secret = { ...view.secret, name: HOSTILE, versionStages: { [HOSTILE]: [HOSTILE] } };
  return { ...view, secret, findings };
}

const ASKED = { deployment: undefined, answer: undefined, notAsked: HOSTILE };
const SETTLED = [{ id: HOSTILE, because: HOSTILE }];
const EXCEPTION = {
  secretArn: HOSTILE,
  control: 'SecretsManager.1',
  reason: HOSTILE,
  ticket: HOSTILE,
  requestedBy: HOSTILE,
  approvedBy: HOSTILE,
  grantedAt: NOW,
  until: UNTIL,
  endedBy: undefined,
  endedAt: undefined,
  id: HOSTILE,
} as const;

/** The text of each command, with a hostile text in every place that one from outside may come to. */
const TEXTS: Readonly<Record<string, () => string | Promise<string>>> = {
  sweep: () =>
    sweepText(
      aResult({
        findings: [
          aFinding({
            secretName: HOSTILE,
            secretArn: HOSTILE,
            what: HOSTILE,
            why: [HOSTILE],
            blastRadius: HOSTILE,
            advice: [{ text: HOSTILE, commands: [`aws ${HOSTILE}`] }],
          }),
        ],
      }),
      { ...FRAME, columns: undefined, elapsedMs: 1 },
    ),
  status: () =>
    statusText(
      {
        at: NOW,
        monitors: [{ region: 'eu-west-1', deployment: HOSTILE, answer: undefined, notAsked: HOSTILE }],
        observed: 1,
        secrets: [
          {
            ...SECRET,
            hasCurrent: true,
            inProgress: false,
            pendingSince: undefined,
            owner: HOSTILE,
            finding: { code: 'stuck-pending', severity: 'HIGH', since: NOW, what: HOSTILE },
          },
        ],
      },
      FRAME,
    ),
  explain: async () => explainText(await aView(), { ...FRAME, zone: 'UTC', asked: ASKED, logs: [HOSTILE] }),
  'fix, refused': async () => {
    const proposal = { kind: 'refused', refusal: { code: 'step-unknown', because: HOSTILE } } as const;
    return refusalText({ view: await aView(), asked: ASKED, proposal }, FRAME);
  },
  'fix --function': () => {
    const fix = {
      secret: SECRET,
      severity: 'HIGH',
      isTrial: true,
      outcome: 'refused',
      because: HOSTILE,
    } as const;
    return functionText(
      { functionArn: HOSTILE, outcome: 'stopped', because: HOSTILE, secrets: [fix] },
      FRAME,
    );
  },
  doctor: () => {
    const wrong = {
      check: 'trail',
      subject: HOSTILE,
      health: 'fail',
      what: HOSTILE,
      remedy: HOSTILE,
    } as const;
    const report = { name: HOSTILE, account: '111122223333', region: 'eu-west-1', diagnoses: [wrong] };
    return doctorText(report, { ...FRAME, isVerbose: true });
  },
  ack: () => {
    const request = { secretId: HOSTILE, by: HOSTILE, reason: HOSTILE };
    const answer = { acknowledged: ['stuck-pending' as const], until: HOSTILE };
    const result = { deployment: HOSTILE, secret: SECRET, request, answer, alerts: [] };
    return (
      ackText({ ...result, outcome: 'acknowledged' }, 1000) +
      ackText({ ...result, outcome: 'no-open-alert' }, 1000)
    );
  },
  silence: () => {
    const silence = { secretArn: HOSTILE, secretName: HOSTILE, until: UNTIL, reason: HOSTILE };
    const result = { secret: SECRET, silence, silences: [silence] };
    return (
      silenceText({ ...result, outcome: 'silenced' }, 1000) +
      silenceText({ ...result, outcome: 'listed' }, 1000)
    );
  },
  except: () => {
    const result = {
      deployment: HOSTILE,
      file: undefined,
      because: HOSTILE,
      secret: SECRET,
      exceptions: [EXCEPTION],
      now: NOW,
    };
    return (['requested', 'granted', 'refused', 'listed'] as const)
      .map((outcome) => exceptText({ ...result, outcome }, 1000, 'eu-west-1'))
      .join('');
  },
  'audit --push': () =>
    pushText(
      {
        created: 1,
        updated: 1,
        archived: SETTLED,
        left: SETTLED,
        failed: [{ id: HOSTILE, code: HOSTILE, message: HOSTILE, retryable: false }],
        unverifiable: SETTLED,
        unreached: [{ target: { account: '111122223333', region: 'eu-west-1' }, because: HOSTILE }],
      },
      false,
      1000,
    ),
  'audit verify': () =>
    verifyText(
      {
        manifests: [{ key: HOSTILE, readAt: HOSTILE, files: 1, faults: [HOSTILE] }],
        faults: [HOSTILE],
        head: HOSTILE,
        unproven: [HOSTILE],
      },
      FRAME,
    ),
  audit: () => {
    const text = new AuditText(FRAME.colors);
    text.add(
      aSecretAudit({ secretName: HOSTILE, controls: [aVerdict({ status: 'alarm', reason: HOSTILE })] }),
    );
    const summary = aSummary();
    const unseen = [{ what: HOSTILE, because: HOSTILE }];
    const coverage = { ...summary.coverage, unverifiable: unseen, notSwept: unseen };
    const { period } = aProvenance();
    const begin = text.begin(
      aProvenance({ period: { ...period, label: HOSTILE }, sample: { size: 1, seed: HOSTILE } }),
    );
    return begin + text.end({ ...summary, coverage });
  },
  'an error': () =>
    renderError({ what: HOSTILE, details: [HOSTILE], solve: [HOSTILE], example: HOSTILE }, FRAME.colors),
};

test.each(Object.entries(TEXTS))(
  '%s prints what comes from outside within its lines, and nothing that steers a terminal',
  async (_command, text) => {
    const printed = await text();
    expect(printed).toContain('FORGED');
    expect(printed).not.toMatch(/^\s*FORGED/m);
    expect(printed).not.toMatch(/[^\P{C}\n]/u);
  },
);
