import * as z from 'zod';
import { type Instant, instant, later, MINUTE, SECOND } from '../../calendar/instant.ts';
import { seededRandom } from '../../simulator/call/random.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { HttpPost } from '../../simulator/sns/http-post.ts';
import { VirtualClock } from '../../simulator/time/clock.ts';
import type { ToldAlert } from '../court/told/told-alert.ts';
import { adviceIn, toldIn } from '../court/told/told-in.ts';
import { followAdvice } from '../operator/operator.ts';
import { type Deployment, deployMonitor, type PlanOptions, planMonitor } from '../player/monitor.ts';
import { type Prepared, type PreparedSecret, prepare } from '../scenario/prepare.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { playTimeline } from '../scenario/timeline.ts';
import { CallAnswers } from './call-answers.ts';
import { type RunOutput, runOutput } from './run-output.ts';
import { HistoryReader, type StoryItem, type StoryListener } from './story.ts';

/** A drill that has ended. */
export interface DrillResult {
  readonly output: RunOutput;
  /** Calls by `service:Operation`, of each function by its handler and of all others by their role. */
  readonly callsByRole: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Failed runs of the monitor's functions. */
  readonly failedRuns: number;
}

/** Simulated time between two looks for news. */
const STEP_MS: number = 60 * MINUTE;

/** A drill under way. */
export interface OpenDrill {
  readonly simulator: Simulator;
  readonly deployment: Deployment;
  readonly endsAt: Instant;
  /** Names of the secrets of the scenario. */
  readonly secrets: readonly string[];
  /** Plays on for an hour at most; false once the scenario has ended. */
  step(): Promise<boolean>;
  /** Reports everything that has happened until now. */
  look(): void;
  result(): Promise<DrillResult>;
  close(): Promise<void>;
}

/**
 * Plays a scenario on an embedded AWS in which the monitor is deployed, as fast as it goes; `onHour` is called for
 * every simulated hour that has been played.
 */
export async function runDrill(
  scenario: Scenario,
  listener: StoryListener = () => undefined,
  onHour: (now: Instant) => void = () => undefined,
): Promise<DrillResult> {
  const drill = await openDrill(scenario, { listener });
  try {
    while (await drill.step()) onHour(drill.simulator.clock.now());
    return await drill.result();
  } finally {
    await drill.close();
  }
}

/** Options of a drill, besides its scenario. */
export interface DrillOptions extends Pick<PlanOptions, 'parameters' | 'observability'> {
  readonly listener?: StoryListener;
  /** Stands at the start of the scenario; one of its own when left out. */
  readonly clock?: VirtualClock;
  /** Posts to subscribers over HTTP; nobody answers when left out. */
  readonly post?: HttpPost;
  /** Has the monitor's functions call AWS in the formats of the wire. */
  readonly wire?: boolean;
}

/** Begins a drill that is played hour by hour. */
export async function openDrill(scenario: Scenario, options: DrillOptions): Promise<OpenDrill> {
  const {
    clock = new VirtualClock(scenario.start),
    listener = () => undefined,
    post,
    wire,
    ...given
  } = options;
  const skipsWireFormats = wire !== true;
  const simulator = createSimulator({
    clock,
    seed: scenario.seed,
    skipsWireFormats,
    ...(post && { post }),
  });
  const prepared = prepare(simulator, scenario);
  const plan = planMonitor(simulator.home, { sweepEveryMs: scenario.sweepEveryMs, ...given });
  const deployment = await deployMonitor(simulator, plan);
  troubleCalls(simulator, scenario, deployment.roles);
  const answers = new CallAnswers(simulator, deployment.roles);
  const watch = new Watch({ simulator, prepared, deployment }, listener);
  playTimeline(simulator, prepared, {
    advise: (secret) => watch.advise(secret),
    onDone: (done) => watch.tell({ at: done.at, kind: 'done', done }),
  });
  return {
    simulator,
    deployment,
    endsAt: prepared.endsAt,
    secrets: [...prepared.secrets.keys()],
    look: () => watch.look(),
    step: async () => {
      if (clock.now() >= prepared.endsAt) return false;
      await clock.advanceTo(instant(Math.min(later(clock.now(), STEP_MS), prepared.endsAt)));
      watch.look();
      return clock.now() < prepared.endsAt;
    },
    result: () => resultOf({ simulator, prepared, deployment }, watch.alerts, answers),
    close: () => simulator.close(),
  };
}

/** The simulator, the scenario and the deployment of a drill. */
interface Stage {
  readonly simulator: Simulator;
  readonly prepared: Prepared;
  readonly deployment: Deployment;
}

async function resultOf(
  { simulator, prepared, deployment }: Stage,
  alerts: readonly ToldAlert[],
  answers: CallAnswers,
): Promise<DrillResult> {
  const { callLog, clock } = simulator;
  const output = runOutput(simulator, prepared, {
    to: clock.now(),
    alerts,
    callConditions: answers.conditions(prepared.secrets),
    sweeps: deployment.sweeps(),
    unrecognised: await unrecognisedEvents(simulator, prepared.startsAt),
    roles: deployment.roles,
  });
  return {
    output,
    callsByRole: new Map(callLog.roles().map((role) => [handlerOf(deployment, role), callLog.counts(role)])),
    failedRuns: deployment.failedRuns(),
  };
}

const handlerOf = ({ functions }: Deployment, role: string): string =>
  functions.find((each) => each.role === role)?.handler ?? role;

/** Watches a run: reports news in order of time, and keeps the alerts that people received. */
class Watch {
  readonly alerts: ToldAlert[] = [];
  readonly #simulator: Simulator;
  readonly #prepared: Prepared;
  readonly #alertTopicArn: string;
  readonly #listener: StoryListener;
  readonly #readers: ReadonlyMap<string, HistoryReader>;
  #waiting: StoryItem[] = [];
  #mails = 0;

  constructor({ simulator, prepared, deployment }: Stage, listener: StoryListener) {
    this.#simulator = simulator;
    this.#prepared = prepared;
    this.#alertTopicArn = deployment.config.alertTopicArn;
    this.#listener = listener;
    this.#readers = new Map([...prepared.secrets.keys()].map((name) => [name, new HistoryReader(name)]));
    this.look();
  }

  /** Keeps an item until its turn comes. */
  tell(item: StoryItem): void {
    this.#waiting.push(item);
  }

  /** Reports everything that has happened until now. */
  look(): void {
    this.#collectMails();
    for (const [name, { arn }] of this.#prepared.secrets) {
      const history = this.#simulator.secretsManager.history(arn);
      this.#waiting.push(...(this.#readers.get(name)?.news(history) ?? []));
    }
    const items = this.#waiting.sort((a, b) => a.at - b.at);
    this.#waiting = [];
    for (const item of items) this.#listener(item);
  }

  /** Does what the latest alert about the secret says, as far as its own words allow. */
  async advise({ arn, secret }: PreparedSecret): Promise<void> {
    this.#collectMails();
    const alert = this.alerts.findLast((each) => each.secretArn === arn && each.transition !== 'resolved');
    const at: Instant = this.#simulator.clock.now();
    const desk = { simulator: this.#simulator, secretArn: arn, uuid: this.#prepared.random.uuid };
    const steps = alert === undefined ? [] : await followAdvice(desk, adviceIn(alert.text));
    this.tell({ at, kind: 'advice', secret: secret.name, steps });
  }

  #collectMails(): void {
    const { inbox } = this.#simulator.sns;
    for (const email of inbox.slice(this.#mails)) {
      if (email.topicArn === this.#alertTopicArn)
        this.alerts.push(...toldIn(email, (name) => this.#prepared.secrets.get(name)?.arn));
      this.tell({ at: email.at, kind: 'mail', email });
    }
    this.#mails = inbox.length;
  }
}

/** Long enough that a run of years fits into the datapoints of one answer. */
const PERIOD_SECONDS = 30 * 86_400;

const listed = z.object({
  Metrics: z.array(
    z.object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
    }),
  ),
});
const summed = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) });

/** Returns the number of events that the monitor has not understood since `from`, by its own metric. */
async function unrecognisedEvents(simulator: Simulator, from: Instant): Promise<number> {
  const name = { MetricName: 'EventsUnrecognised' };
  const { Metrics } = listed.parse(await simulator.call('monitoring', 'ListMetrics', name, 'drill'));
  let sum = 0;
  for (const metric of Metrics) {
    const request = {
      ...metric,
      StartTime: from / SECOND,
      EndTime: simulator.clock.now() / SECOND + 1,
      Period: PERIOD_SECONDS,
      Statistics: ['Sum'],
    };
    const answer = await simulator.call('monitoring', 'GetMetricStatistics', request, 'drill');
    sum += summed.parse(answer).Datapoints.reduce((total, { Sum }) => total + Sum, 0);
  }
  return sum;
}

/** Chance of the kills apart from all other chance, so that a run without them is the same run. */
const KILL_SEED = 7919;

/**
 * Lets the calls of the monitor's functions suffer what the scenario says: throttling, and kills between two awaits.
 * A killed run fails as a crashed Lambda function does: its code never notices it.
 */
export function troubleCalls(
  { faults }: Pick<Simulator, 'faults'>,
  { faults: { throttle, kill }, seed }: Scenario,
  roles: readonly string[],
): void {
  if (throttle > 0) {
    for (const role of roles) faults.add({ kind: 'throttled', probability: throttle, role });
  }
  if (kill <= 0) return;
  const random = seededRandom(seed + KILL_SEED);
  faults.before(({ role, run }) => {
    if (!roles.includes(role) || random.next() >= kill) return;
    run?.kill();
    return new Promise<void>(() => undefined);
  });
}
