import { amount } from '../../src/calendar/plural.ts';
import { planMonitor } from '../../src/proving/player/monitor.ts';
import { ALONE } from '../../test/support/stuck-crowd.ts';
import type { CrowdOutcome } from './measure.ts';

const MIB = 1024 * 1024;
const { functionOf } = planMonitor({ account: '111122223333', region: 'eu-west-1' });

/** Returns the deviations from the way in which a crowd should be reported, in words. */
export function breaches({ secrets, subjects, undelivered, invocations }: CrowdOutcome): readonly string[] {
  const crowd = subjects.filter((subject) => subject.includes(` ${amount(secrets)} secrets: `));
  const alone = subjects.filter((subject) => subject.includes(` ${ALONE}: `));
  return [
    ...(crowd.length === 1 ? [] : [`The crowd was reported ${crowd.length} times`]),
    ...(alone.length === 1 ? [] : [`The secret of another function was reported ${alone.length} times`]),
    ...(subjects.length === 2 ? [] : [`${subjects.length} messages were sent, not 2`]),
    ...(undelivered === 0 ? [] : [`${undelivered} outboxes are not empty`]),
    ...invocations.flatMap(({ name, wallMs, peakBytes }) => [
      ...(wallMs <= functionOf(name).timeoutMs ? [] : [`${name} took ${wallMs} ms`]),
      ...(peakBytes <= functionOf(name).memoryMib * MIB ? [] : [`${name} took ${peakBytes} bytes of memory`]),
    ]),
  ];
}
