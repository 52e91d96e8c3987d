import { type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { seriesIn } from '../math/value.ts';
import type { MetricStore } from '../metrics/metric-store.ts';
import { QueryRun } from '../metrics/query-run.ts';
import type { Alarm, AlarmState, CompositeAlarm, MetricAlarm } from './alarm.ts';
import type { StateChange } from './alarm-message.ts';
import { formatLong } from './alarm-time.ts';
import { readRule } from './composite-rule.ts';
import { EXTRA_PERIODS, evaluateAlarm } from './evaluate-alarm.ts';
import { type DatedDatapoint, stateReason } from './state-reason.ts';

/** Called with every change of state. */
export type OnStateChange = (change: StateChange) => void;

/** All alarms of the account, and the states they are in. */
export class Alarms {
  readonly #store: MetricStore;
  readonly #onChange: OnStateChange;
  readonly #byName = new Map<string, Alarm>();

  constructor(store: MetricStore, onChange: OnStateChange) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#byName.size;
  }

  all(): readonly Alarm[] {
    return [...this.#byName.values()];
  }

  /** The alarm of this name; fails with ResourceNotFound. */
  find(name: string): Alarm {
    const found = this.#byName.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFound', `Unknown alarm: ${name}`, 404);
    return found;
  }

  /** Adds or replaces an alarm; one that is replaced keeps its state. */
  put(alarm: Alarm, now: Instant): void {
    const { state } = this.#byName.get(alarm.name) ?? alarm;
    const kept = { ...alarm, state };
    this.#byName.set(alarm.name, kept);
    if (kept.kind === 'composite') this.#evaluateComposite(kept, now);
  }

  remove(name: string): void {
    this.#byName.delete(this.find(name).name);
  }

  /** Sets a state by hand; it lasts until the next evaluation. */
  set(name: string, value: AlarmState, reason: string, now: Instant): void {
    this.#move(this.find(name), { value, reason, since: now });
  }

  /** Evaluates the alarms one of whose periods ends now. */
  evaluate(now: Instant): void {
    for (const alarm of this.all()) {
      if (alarm.kind === 'metric' && now % (alarm.measure.period * SECOND) === 0)
        this.#evaluateMetric(alarm, now);
    }
  }

  #evaluateMetric(alarm: MetricAlarm, now: Instant): void {
    const range = this.#range(alarm, now);
    const evaluation = evaluateAlarm(
      range.map(({ value }) => value),
      alarm.condition,
    );
    if (evaluation === 'retain' || evaluation === alarm.state.value) return;
    const reason = stateReason(range, alarm.condition, evaluation);
    this.#move(alarm, { value: evaluation, reason, since: now });
  }

  /** The datapoints of the evaluation range, oldest first; only whole periods. */
  #range({ measure, condition }: MetricAlarm, now: Instant): readonly DatedDatapoint[] {
    const step = measure.period * SECOND;
    const count = condition.evaluationPeriods + EXTRA_PERIODS;
    const times = Array.from({ length: count }, (_, index) => now - (count - index) * step);
    const range = { StartTime: instant(now - count * step), EndTime: now };
    const value = new QueryRun(this.#store, measure.queries, range).value(measure.result, measure.result);
    const [series] = seriesIn(value);
    return times.map((at) => ({ at, value: series?.points.get(at) }));
  }

  #evaluateComposite(alarm: CompositeAlarm, now: Instant, cause?: Alarm): void {
    const rings = readRule(alarm.rule).rings((nameOrArn) => this.#stateOf(nameOrArn));
    const value = rings ? 'ALARM' : 'OK';
    if (value === alarm.state.value) return;
    const reason =
      cause === undefined
        ? `${alarm.arn} was created and its alarm rule evaluates to ${value}`
        : `${cause.arn} transitioned to ${cause.state.value} at ${formatLong(now)}`;
    this.#move(alarm, { value, reason, since: now });
  }

  #stateOf(nameOrArn: string): AlarmState | undefined {
    return this.all().find(({ name, arn }) => name === nameOrArn || arn === nameOrArn)?.state.value;
  }

  #move(alarm: Alarm, state: Alarm['state']): void {
    const before = alarm.state.value;
    alarm.state = state;
    if (state.value === before) return;
    this.#onChange({ alarm, before });
    for (const each of this.all()) {
      if (each.kind !== 'composite' || each === alarm) continue;
      const { children } = readRule(each.rule);
      if (children.includes(alarm.name) || children.includes(alarm.arn)) {
        this.#evaluateComposite(each, state.since, alarm);
      }
    }
  }
}
