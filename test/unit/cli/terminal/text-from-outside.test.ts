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
import { FindingsHubError } from '../../../../src/monitor/ports/report/findings-hub.ts';
import { NOW } from '../../../support/builders.ts';
import { aRepairer } from '../../../support/repairing.ts';
import { aProvenance, aSecretAudit, aSummary, aVerdict } from '../../../support/reports.ts';
import { named } from '../../../support/secrets.ts';
import { aSimulator } from '../../../support/simulated.ts';
import { aFinding, aResult } from '../../../support/sweep-results.ts';

/** Texts as somebody may put them into a name, a tag, a reason or an answer: of two lines, and of one. */
const HOSTILE = ['x\nFORGED: all is well\u001B[2J\u009B1A\u202E', 'FORGED\u001B[2J\u009B1A\u202E\u200B'];
const FRAME = { colors: pc.createColors(false), columns: 1000 };
const UNTIL = later(NOW, HOUR);

/** The view of one stuck secret of a simulated account, with the text in every place. */
async function aView(said: string) {
  const simulator = aSimulator();
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'testSecret' });
  simulator.secretsManager.seed({ name: 'app/db', kind: 'function', function: 'rotate', schedule: 30 });
  const token = { SecretId: 'app/db', ClientRequestToken: 'c'.repeat(32) };
  await simulator.call('secretsmanager', 'RotateSecret', token, 'operator');
  await simulator.clock.advance(2 * HOUR);
  const { view } = await aRepairer(simulator).propose('app/db');
  const findings = view.findings.map((finding) => ({
    ...finding,
    what: said,
    why: [said],
    blastRadius: said,
    advice: [{ text: said, commands: [`aws ${said}`] }],
    changes: [{ at: NOW, who: said, what: said }],
  }));
  expect(findings.length).toBeGreaterThan(0);
  const secret = { ...view.secret, name: said, versionStages: { [said]: [said] } };
  return { ...view, secret, findings };
}

/** The text of each command, with a hostile text in every place that one from outside may come to. */
function textsOf(said: string): Readonly<Record<string, () => string | Promise<string>>> {
  const secret = { ...named('app/db'), name: said };
  const asked = { deployment: undefined, answer: undefined, notAsked: said };
  const settled = [{ id: said, because: said }];
  return {
    sweep: () =>
      sweepText(
        aResult({
          findings: [
            aFinding({
              secretName: said,
              secretArn: said,
              what: said,
              why: [said],
              blastRadius: said,
              advice: [{ text: said, commands: [`aws ${said}`] }],
            }),
          ],
        }),
        { ...FRAME, columns: undefined, elapsedMs: 1 },
      ),
    status: () =>
      statusText(
        {
          at: NOW,
          monitors: [{ region: 'eu-west-1', deployment: said, answer: undefined, notAsked: said }],
          observed: 1,
          secrets: [
            {
              ...secret,
              hasCurrent: true,
              inProgress: false,
              pendingSince: undefined,
              owner: said,
              finding: { code: 'stuck-pending', severity: 'HIGH', since: NOW, what: said },
            },
          ],
          failures: [{ region: 'us-east-1', because: said }],
        },
        FRAME,
      ),
    explain: async () =>
      explainText(await aView(said), { ...FRAME, zone: 'UTC', asked: asked, logs: [said] }),
    'fix, refused': async () => {
      const proposal = { kind: 'refused', refusal: { code: 'step-unknown', because: said } } as const;
      return refusalText({ view: await aView(said), asked: asked, proposal }, FRAME);
    },
    'fix --function': () => {
      const fix = {
        secret,
        severity: 'HIGH',
        isTrial: true,
        outcome: 'refused',
        because: said,
      } as const;
      return functionText({ functionArn: said, outcome: 'stopped', because: said, secrets: [fix] }, FRAME);
    },
    doctor: () => {
      const wrong = {
        check: 'trail',
        subject: said,
        health: 'fail',
        what: said,
        remedy: said,
      } as const;
      const report = { name: said, account: '111122223333', region: 'eu-west-1', diagnoses: [wrong] };
      return doctorText(report, { ...FRAME, isVerbose: true });
    },
    ack: () => {
      const request = { secretId: said, by: said, reason: said };
      const answer = { acknowledged: ['stuck-pending' as const], until: said };
      const result = { deployment: said, secret, request, answer, alerts: [] };
      return (
        ackText({ ...result, outcome: 'acknowledged' }, 1000) +
        ackText({ ...result, outcome: 'no-open-alert' }, 1000)
      );
    },
    silence: () => {
      const silence = { secretArn: said, secretName: said, until: UNTIL, reason: said };
      const result = { secret, silence, silences: [silence] };
      return (
        silenceText({ ...result, outcome: 'silenced' }, 1000) +
        silenceText({ ...result, outcome: 'listed' }, 1000)
      );
    },
    except: () => {
      const exception = {
        secretArn: said,
        control: 'SecretsManager.1' as const,
        reason: said,
        ticket: said,
        requestedBy: said,
        approvedBy: said,
        grantedAt: NOW,
        until: UNTIL,
        id: said,
      };
      const result = {
        deployment: said,
        file: undefined,
        because: said,
        secret,
        exceptions: [exception],
        now: NOW,
      };
      return (['requested', 'granted', 'refused', 'listed'] as const)
        .map((outcome) => exceptText({ ...result, outcome }, 1000, 'eu-west-1'))
        .join('');
    },
    'audit --push': () => {
      const error = new FindingsHubError(said, { reason: 'denied', retryable: false });
      return pushText(
        {
          created: 1,
          updated: 1,
          archived: settled,
          left: settled,
          failed: [{ id: said, code: said, message: said, retryable: false }],
          unverifiable: settled,
          unreached: [{ target: { account: '111122223333', region: 'eu-west-1' }, error }],
          brokeOff: error,
        },
        false,
        1000,
      );
    },
    'audit verify': () =>
      verifyText(
        {
          manifests: [{ key: said, readAt: said, files: 1, faults: [said], unread: [said] }],
          faults: [said],
          head: said,
          unproven: [said],
        },
        FRAME,
      ),
    audit: () => {
      const text = new AuditText(FRAME.colors);
      text.add(aSecretAudit({ secretName: said, controls: [aVerdict({ status: 'alarm', reason: said })] }));
      const summary = aSummary();
      const unseen = [{ what: said, because: said }];
      const coverage = { ...summary.coverage, unverifiable: unseen, notSwept: unseen };
      const { period } = aProvenance();
      const begin = text.begin(
        aProvenance({ period: { ...period, label: said }, sample: { size: 1, seed: said } }),
      );
      return begin + text.end({ ...summary, coverage });
    },
    'an error': () =>
      renderError({ what: said, details: [said], solve: [said], example: said }, FRAME.colors),
  };
}

test.each(
  HOSTILE.flatMap((said) =>
    Object.entries(textsOf(said)).map(([command, text]) => [command, said, text] as const),
  ),
)('%s prints %j within its lines, and nothing that steers a terminal', async (_command, _said, text) => {
  const printed = await text();
  expect(printed).toContain('FORGED');
  expect(printed.split('\n').filter((line) => line.startsWith('FORGED: '))).toEqual([]);
  expect(printed).not.toMatch(/[^\P{C}\n]/u);
});
