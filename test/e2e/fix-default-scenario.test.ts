import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatInstant, HOUR } from '../../src/calendar/instant.ts';
import { explainSchema } from '../../src/cli/schemas/explain-schema.ts';
import { fixSchema } from '../../src/cli/schemas/fix-schema.ts';
import { statusSchema } from '../../src/cli/schemas/status-schema.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { type OpenDrill, openDrill } from '../../src/proving/drill/run-drill.ts';
import { readCommandLine } from '../../src/proving/operator/shell-words.ts';
import { scenarioNamed } from '../../src/proving/scenario/read-scenario.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { runCommand } from '../support/run-command.ts';

/** The codes that are found and the answers of `fix`, in their order, each once. */
const EXPECTED = {
  'payments/db': ['rotation-failed', 'disproven', 'given up', 'pending-abandoned'],
  'legacy/mainframe': ['rotation-overdue', 'nothing-pending'],
  'ledger/db': ['rotation-failed', 'disproven', 'promoted'],
  'reports/db': [
    'rotation-cancelled',
    'rotation-off',
    'given up',
    'rotation-silently-disabled',
    'nothing-pending',
  ],
  'rds!cluster-9a8b7c6d': ['stuck-pending', 'managed'],
  'warehouse/db': ['rotation-overdue', 'nothing-pending'],
};

/** Hours between two looks at what is to be repaired. */
const HOURS_APART = 3;

/** Tries of a repair: people fix the functions of the scenario within half a day. */
const TRIES = 12 / HOURS_APART;

/** The last secret breaks in the fourth week; then there are two more days for repairs. */
const LOOKED_AT_DAYS = 27;

/** Repairs lead to the same end as with the sweeps of the scenario, of which there are four times as many. */
const SWEEP_EVERY_MS: number = 2 * HOUR;

interface Answer {
  readonly outcome: string;
  readonly refusal: string | null;
  readonly because: string | null;
  readonly advice: readonly { readonly text: string }[];
}

/** The scenario without what its own operator does, and the e-mails that nobody has read yet. */
async function opened(): Promise<{ readonly drill: OpenDrill; readonly unread: Email[] }> {
  const scenario = await scenarioNamed('default');
  const timeline = scenario.timeline.filter((entry) => entry.do !== 'advice');
  const unread: Email[] = [];
  const drill = await openDrill(
    { ...scenario, timeline, days: LOOKED_AT_DAYS, sweepEveryMs: SWEEP_EVERY_MS },
    {
      listener: (item) => {
        if (item.kind === 'mail') unread.push(item.email);
      },
    },
  );
  onTestFinished(() => drill.close());
  return { drill, unread };
}

/** A program that reads e-mails and what the commands answer with `--json`, and has no terminal. */
class Program {
  readonly #drill: OpenDrill;
  readonly #endpoint: string;
  readonly #plan: string;

  constructor(drill: OpenDrill, endpoint: string) {
    this.#drill = drill;
    this.#endpoint = endpoint;
    const folder = mkdtempSync(join(tmpdir(), 'plan-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    this.#plan = join(folder, 'plan.json');
  }

  /** Finds and explains what an e-mail is about; answers the code. */
  async explain(words: readonly string[], name: string): Promise<string> {
    const explained = explainSchema.parse(await this.#json(...words)) as {
      readonly findings: readonly { readonly code: string; readonly advice: readonly object[] }[];
    };
    const [finding] = explained.findings;
    expect(finding?.advice.length).toBeGreaterThan(0);
    const code = finding?.code ?? '';
    expect(statusSchema.parse(await this.#json('status', '--finding', code))).toMatchObject({
      secrets: expect.arrayContaining([expect.objectContaining({ secretName: name })]),
    });
    return code;
  }

  /** Plans a repair, and does what is planned. */
  async fix(arn: string, ...hints: readonly string[]): Promise<Answer> {
    const planned = await this.#json('fix', arn, ...hints, '--out', this.#plan);
    const { outcome } = fixSchema.parse(planned) as Answer;
    const apply = ['--apply', this.#plan, '--yes', '--account', '111122223333'];
    return (outcome === 'planned' ? await this.#json('fix', arn, ...hints, ...apply) : planned) as Answer;
  }

  async #json(...args: readonly string[]): Promise<unknown> {
    const region = args.includes('--region') ? [] : ['--region', 'eu-west-1'];
    const now = formatInstant(this.#drill.simulator.clock.now());
    const where = [...region, '--endpoint-url', this.#endpoint, '--now', now, '--json'];
    const { out, err } = await runCommand([...args, ...where], {
      environment: { ROTATION_MONITOR_EVENT_HISTORY: 'false', TZ: 'UTC' },
      interrupted: new Promise(() => undefined),
    });
    expect(err).not.toContain('Error:');
    return JSON.parse(out);
  }
}

/** The labels of a secret, its own keeping label left out, and whether its target takes AWSCURRENT. */
function truthOf({ simulator: { secretsManager } }: OpenDrill, name: string) {
  const last = secretsManager.history(name).at(-1);
  const stages = Object.entries(last?.stages ?? {}).map(
    ([id, labels]) => [id, labels.filter((label) => label !== 'rotation-rescue')] as const,
  );
  return {
    logsIn: last && currentLogsIn(last),
    current: stages.find(([, labels]) => labels.includes('AWSCURRENT'))?.[0],
    pending: stages.find(([, labels]) => labels.includes('AWSPENDING'))?.[0],
  };
}

/** Tries the repair, and what it offers to those who have seen that AWSCURRENT logs in. */
async function repaired(
  drill: OpenDrill,
  program: Program,
  { arn, name }: Broken,
): Promise<readonly string[]> {
  const before = truthOf(drill, name);
  const results: string[] = [];
  for (const hints of [[], ['--current-works']]) {
    if (hints.length > 0 && before.logsIn !== true) break;
    const answer = await program.fix(arn, ...hints);
    const after = truthOf(drill, name);
    if (answer.outcome === 'repaired') {
      expect(after).toMatchObject({ logsIn: true });
      expect([undefined, after.current]).toContain(after.pending);
      return [...results, after.current === before.current ? 'given up' : 'promoted'];
    }
    expect(after).toEqual(before);
    expect(answer.because).toMatch(/\.$/);
    expect(answer.advice).not.toEqual([]);
    results.push(answer.refusal ?? answer.outcome);
    if (!answer.because?.includes('--current-works')) break;
  }
  return results;
}

interface Broken {
  readonly arn: string;
  readonly name: string;
}

const tellsTrouble = ({ subject }: Email): boolean => !/^\[(RESOLVED|SILENCED)\]/.test(subject);
const EXPLAIN = /^Explain: rotation-monitor (explain .+)$/gm;

/** Results by secret, and the tries of repairs that are left. A mail after a repair starts them again. */
class Desk {
  readonly #drill: OpenDrill;
  readonly #program: Program;
  readonly #triesLeft = new Map<string, number>();
  readonly #repaired = new Set<string>();
  readonly results: Record<string, readonly string[]> = {};

  constructor(drill: OpenDrill, program: Program) {
    this.#drill = drill;
    this.#program = program;
  }

  async read({ message }: Email): Promise<void> {
    for (const [, line = ''] of message.matchAll(EXPLAIN)) {
      const { words } = readCommandLine(line);
      const [, arn = ''] = words;
      if (this.#triesLeft.has(arn) && !this.#repaired.delete(arn)) continue;
      const { name } = this.#named(arn);
      this.#note(name, [await this.#program.explain(words, name)]);
      this.#triesLeft.set(arn, TRIES);
    }
  }

  async repair(): Promise<void> {
    for (const [arn, tries] of this.#triesLeft) {
      if (tries === 0) continue;
      const said = await repaired(this.#drill, this.#program, this.#named(arn));
      this.#note(this.#named(arn).name, said);
      const isDone = ['given up', 'promoted'].includes(said.at(-1) ?? '');
      this.#triesLeft.set(arn, isDone ? 0 : tries - 1);
      if (isDone) this.#repaired.add(arn);
    }
  }

  #named(arn: string): Broken {
    const secrets = [...this.#drill.simulator.secretsManager.secrets()];
    return { arn, name: secrets.find((each) => each.arn === arn)?.name ?? arn };
  }

  #note(name: string, said: readonly string[]): void {
    this.results[name] = [...new Set([...(this.results[name] ?? []), ...said])];
  }
}

test('whoever has nothing but the mails of the default scenario and --json repairs what can be repaired', async () => {
  const { drill, unread } = await opened();
  const { endpoint, close } = await drill.simulator.listen({ port: 0 });
  onTestFinished(close);
  const desk = new Desk(drill, new Program(drill, endpoint));
  for (let hour = 1; await drill.step(); hour++) {
    for (const mail of unread.splice(0).filter(tellsTrouble)) await desk.read(mail);
    if (hour % HOURS_APART === 0) await desk.repair();
  }
  expect(desk.results).toEqual(EXPECTED);
  for (const { name } of drill.simulator.secretsManager.secrets())
    expect({ name, logsIn: truthOf(drill, name).logsIn }).not.toEqual({ name, logsIn: false });
});
