import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatInstant, MINUTE } from '../../src/calendar/instant.ts';
import { explainSchema } from '../../src/cli/schemas/explain-schema.ts';
import { fixSchema, type PlanFile } from '../../src/cli/schemas/fix-schema.ts';
import { statusSchema } from '../../src/cli/schemas/status-schema.ts';
import type { RefusalCode } from '../../src/monitor/domain/repair/refusal.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { FAILURE_MODES } from '../../src/proving/failure-modes/failure-mode-table.ts';
import { call, NAME, rotate } from '../support/failure-mode-stage.ts';
import { type Played, playedForTheLastMail } from '../support/played.ts';
import { runCommand } from '../support/run-command.ts';
import type { TestSimulator } from '../support/simulated.ts';

/** Results of `fix`: two kinds of repairs, a credential that was not proven, a refusal, or nothing to do. */
type Result = 'promoted' | 'given-up' | 'disproven' | 'nothing' | RefusalCode;

/** The expected results for a failure mode. */
interface Expected {
  /** While the cause is still there. */
  readonly atOnce: Result;
  /** Once the work that `fix` names first is done; left out where nothing is left to repair. */
  readonly afterwards?: Result;
  /** The work of others that it names; the function is repaired in any case. */
  readonly mend?: (simulator: TestSimulator) => Promise<unknown>;
  /** Whether the operator has seen that AWSCURRENT logs in, and says so. */
  readonly currentWorks?: true;
}

/** Gives the target the password of the version in question, as its administrator does. */
async function resetTarget({ call: send, secretsManager }: TestSimulator): Promise<void> {
  const stages = secretsManager.history(NAME).at(-1)?.stages ?? {};
  const labels = ['AWSPENDING', 'rotation-rescue'];
  const VersionStage = labels.find((each) => Object.values(stages).flat().includes(each));
  const answer = await send('secretsmanager', 'GetSecretValue', { SecretId: NAME, VersionStage }, 'admin');
  const { SecretString: text } = answer as { readonly SecretString: string };
  secretsManager.database(NAME).setPassword({ field: 'SecretString', text });
}

/** Gives the target the password of AWSCURRENT. */
async function restoreTarget({ call: send, secretsManager }: TestSimulator): Promise<void> {
  const answer = await send('secretsmanager', 'GetSecretValue', { SecretId: NAME }, 'admin');
  const { SecretString: text } = answer as { readonly SecretString: string };
  secretsManager.database(NAME).setPassword({ field: 'SecretString', text });
}

const rotated =
  (RotateImmediately: boolean) =>
  async (simulator: TestSimulator): Promise<void> => {
    simulator.secretsManager.configure(NAME, { missesWindows: false });
    await rotate(simulator, { RotateImmediately });
    await simulator.clock.advance(5 * MINUTE);
  };

const GIVEN_UP: Expected = { atOnce: 'given-up' };
/** The target has the new password, and the function cannot show it before it is repaired. */
const PROMOTED_LATER: Expected = { atOnce: 'disproven', afterwards: 'promoted' };
/** The target was not changed. */
const STATED: Expected = { atOnce: 'disproven', afterwards: 'given-up', currentWorks: true };
/** The target has a password that no version has. */
const RESET: Expected = { atOnce: 'disproven', afterwards: 'promoted', mend: resetTarget };
const UNKNOWN: Expected = { atOnce: 'step-unknown', afterwards: 'given-up', currentWorks: true };
const OVERDUE: Expected = { atOnce: 'nothing-pending', afterwards: 'nothing', mend: rotated(true) };
const BESIDE: Expected = { atOnce: 'nothing-pending' };
const HEALTHY: Expected = { atOnce: 'nothing' };

const EXPECTED: Readonly<Record<string, Expected>> = {
  F1: GIVEN_UP,
  F2: PROMOTED_LATER,
  F3: STATED,
  F3b: STATED,
  F3c: STATED,
  F4: RESET,
  F5: RESET,
  F5b: { atOnce: 'promoted' },
  F5c: STATED,
  F5d: PROMOTED_LATER,
  F5e: PROMOTED_LATER,
  F6: STATED,
  F7: UNKNOWN,
  F8: { atOnce: 'rotation-off', afterwards: 'given-up', currentWorks: true },
  F8b: { atOnce: 'rotation-off', afterwards: 'given-up', currentWorks: true, mend: restoreTarget },
  F9: { atOnce: 'deleted', afterwards: 'given-up', mend: (simulator) => call(simulator, 'RestoreSecret') },
  F10: HEALTHY,
  F10b: RESET,
  F11: GIVEN_UP,
  F11b: GIVEN_UP,
  F12: HEALTHY,
  F12b: GIVEN_UP,
  F13: GIVEN_UP,
  F14: STATED,
  F15: GIVEN_UP,
  F16: GIVEN_UP,
  F17: STATED,
  F18: { atOnce: 'not-created-by-function', afterwards: 'given-up', currentWorks: true },
  F19: { atOnce: 'no-current-version' },
  F20: HEALTHY,
  F20b: HEALTHY,
  F21: { atOnce: 'disproven', afterwards: 'nothing-pending', currentWorks: true },
  F22: OVERDUE,
  F23: OVERDUE,
  F24: OVERDUE,
  F25: { atOnce: 'managed' },
  F26: { atOnce: 'managed' },
  F27: BESIDE,
  F27b: BESIDE,
  F28: BESIDE,
  F28b: BESIDE,
  F29: HEALTHY,
  F30: GIVEN_UP,
  F31: STATED,
  F32: UNKNOWN,
  F33: { ...OVERDUE, mend: rotated(false) },
  F34: HEALTHY,
  N1: HEALTHY,
  N2: HEALTHY,
  N3: HEALTHY,
  N4: HEALTHY,
  N5: { atOnce: 'replica' },
  N6: GIVEN_UP,
  N7: HEALTHY,
};

/** The output of `fix --json` as far as a test reads it. */
interface FixOutput {
  readonly outcome: string;
  readonly refusal: string | null;
  readonly because: string | null;
  readonly plan: PlanFile | null;
  readonly advice: readonly { readonly text: string; readonly commands: readonly string[] }[];
}

/** The output of `explain --json` as far as a test reads it. */
interface ExplainOutput {
  readonly secret: { readonly arn: string };
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly advice: readonly object[];
  }[];
  readonly reported: readonly { readonly code: string; readonly severity: string; readonly remedy: string }[];
}

/** A person who has nothing but the mails and a terminal. */
class Newcomer {
  readonly #endpoint: string;
  readonly #simulator: TestSimulator;

  constructor(simulator: TestSimulator, endpoint: string) {
    this.#simulator = simulator;
    this.#endpoint = endpoint;
  }

  /** Types a command line; at a terminal the two questions are answered. */
  type(args: readonly string[]) {
    const { clock } = this.#simulator;
    const asked = args.includes('--region') ? [] : ['--region', 'eu-west-1'];
    const where = ['--endpoint-url', this.#endpoint, '--now', formatInstant(clock.now())];
    return runCommand([...args, ...asked, ...where], {
      environment: { ROTATION_MONITOR_EVENT_HISTORY: 'false', TZ: 'UTC' },
      interrupted: new Promise(() => undefined),
      ask: async (question) => (question.startsWith('Name') ? this.#nameOf(args[1]) : '3333'),
    });
  }

  /** Repairs at the terminal, after the questions. */
  async fixAtTerminal(id: string): Promise<FixOutput> {
    return read(await this.type(['fix', id, '--apply', '--json']));
  }

  /** Repairs as a script does: a plan is stored, and applied as it stands. */
  async fixByPlan(id: string, hints: readonly string[]): Promise<FixOutput> {
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'plan.json');
    const planned = read(await this.type(['fix', id, ...hints, '--out', path, '--json']));
    if (planned.outcome !== 'planned') return planned;
    const apply = ['--apply', path, '--yes', '--account', '111122223333', '--json'];
    return read(await this.type(['fix', id, ...hints, ...apply]));
  }

  /** Finds a secret and reads what is wrong with it as a program does: the worst code, and whether it says what to do. */
  async findByJson(line: readonly string[]) {
    const { out } = await this.type([...line, '--json']);
    const { secret, findings, reported } = explainSchema.parse(JSON.parse(out)) as ExplainOutput;
    const [worst] = [
      ...findings.map(({ code, severity, advice }) => ({ code, severity, says: advice.length > 0 })),
      ...reported.map(({ code, severity, remedy }) => ({ code, severity, says: remedy !== '' })),
    ];
    const status = await this.type(['status', '--finding', worst?.code ?? 'unverifiable', '--json']);
    const { secrets } = statusSchema.parse(JSON.parse(status.out)) as {
      readonly secrets: readonly { readonly secretArn: string }[];
    };
    return { worst, isFound: secrets.some(({ secretArn }) => secretArn === secret.arn), code: status.code };
  }

  #nameOf(id = ''): string {
    const found = [...this.#simulator.secretsManager.secrets()].find(({ arn }) => arn === id);
    return found?.name ?? id;
  }
}

function read({ out, err }: { readonly out: string; readonly err: string }): FixOutput {
  expect(err).not.toContain('Error:');
  return fixSchema.parse(JSON.parse(out)) as FixOutput;
}

/** The labels of the secret, its own keeping label left out, and whether the target takes AWSCURRENT. */
function truthOf({ secretsManager }: TestSimulator, name: string) {
  const last = secretsManager.history(name).at(-1);
  const stages = Object.entries(last?.stages ?? {}).map(
    ([id, labels]) => [id, labels.filter((label) => label !== 'rotation-rescue')] as const,
  );
  return {
    logsIn: last && currentLogsIn(last),
    stages: stages.filter(([, labels]) => labels.length > 0),
    isPendingApart: stages.some(
      ([, labels]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'),
    ),
  };
}

type Truth = ReturnType<typeof truthOf>;

/** Names the result by what has become of the secret, and holds it against the target's truth. */
function resultOf({ outcome, refusal }: FixOutput, before: Truth, after: Truth): string {
  if (outcome !== 'repaired') {
    expect(after).toEqual(before);
    return refusal ?? outcome;
  }
  expect(after.logsIn).toBe(true);
  expect(after.isPendingApart).toBe(false);
  const holder = ({ stages }: Truth) => stages.find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  return holder(before) === holder(after) ? 'given-up' : 'promoted';
}

async function newcomerTo({ simulator }: Played): Promise<Newcomer> {
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  return new Newcomer(simulator, endpoint);
}

test('every failure mode has an expectation', () => {
  expect(Object.keys(EXPECTED)).toEqual(Object.keys(FAILURE_MODES));
});

test.each(Object.entries(EXPECTED))(
  '%s: the mail leads to an explanation, and fix to $atOnce',
  async (mode, { atOnce, afterwards, mend, currentWorks }) => {
    const deployed = await playedForTheLastMail(mode);
    const { simulator } = deployed;
    const newcomer = await newcomerTo(deployed);
    const { told = [], advice = '' } = FAILURE_MODES[mode] ?? {};
    const mail = deployed.alarming().at(-1)?.message ?? '';
    const [, line] = /^Explain: rotation-monitor (.*)$/m.exec(mail) ?? [];
    expect(line !== undefined).toBe(told.length > 0);
    const id = line?.split(' ')[1] ?? NAME;
    const name = [...simulator.secretsManager.secrets()].find(({ arn }) => arn === id)?.name ?? id;
    if (line !== undefined) {
      const { code, out } = await newcomer.type(line.split(' '));
      const { severity, code: finding } = told.at(-1) ?? {};
      expect({ code, head: out.split('\n')[0] }).toEqual({
        code: 1,
        head: `${name}: ${severity} ${finding}`,
      });
      expect(await newcomer.findByJson(line.split(' '))).toEqual({
        worst: { code: finding, severity, says: true },
        isFound: true,
        code: 1,
      });
    }

    let before = truthOf(simulator, name);
    const first = await newcomer.fixAtTerminal(id);
    expect(resultOf(first, before, truthOf(simulator, name))).toBe(atOnce);
    if (first.outcome === 'refused' || first.outcome === 'disproven') {
      expect(first.because).toMatch(/\.$/);
      expect(first.advice.map(({ text }) => text).join(' ')).toContain(told.length > 0 ? advice : '');
    }

    if (afterwards === undefined) return;
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    await mend?.(simulator);
    before = truthOf(simulator, name);
    const second = await newcomer.fixByPlan(id, currentWorks ? ['--current-works'] : []);
    expect(resultOf(second, before, truthOf(simulator, name))).toBe(afterwards);
    expect(truthOf(simulator, name).logsIn).not.toBe(false);
  },
);

test('whoever follows the mail about a function repairs all of its secrets with one command', async () => {
  const deployed = await playedForTheLastMail('F15');
  const { simulator, alarming } = deployed;
  const newcomer = await newcomerTo(deployed);
  const [arn] = /arn:aws:lambda:\S+:function:rotate\b/.exec(alarming().at(-1)?.message ?? '') ?? [];
  const apply = ['--apply', '--yes', '--account', '111122223333', '--rate', '999/min', '--json'];
  const { code, out } = await newcomer.type(['fix', '--function', arn ?? '', ...apply]);
  expect({ code, outcome: JSON.parse(out).outcome }).toEqual({ code: 0, outcome: 'repaired' });
  const names = [...simulator.secretsManager.secrets()].map(({ name }) => name);
  expect(names).toHaveLength(12);
  for (const name of names)
    expect(truthOf(simulator, name)).toMatchObject({ logsIn: true, isPendingApart: false });
});
