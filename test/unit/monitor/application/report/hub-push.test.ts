import { expect, test } from 'vitest';
import { instant } from '../../../../../src/calendar/instant.ts';
import { memoryFindingsHub } from '../../../../../src/monitor/adapters/memory/audit/memory-findings-hub.ts';
import { FindingBatches } from '../../../../../src/monitor/application/report/hub-push.ts';
import { asffFinding } from '../../../../../src/monitor/domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../../../../src/monitor/domain/report-format/asff-shape.ts';
import { type FindingsHub, FindingsHubError } from '../../../../../src/monitor/ports/report/findings-hub.ts';
import { aProvenance, aSecretAudit, aVerdict } from '../../../../support/reports.ts';

/** Time goes by only in pauses. */
function aClock() {
  let now = 0;
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => {
    now += ms;
    pauses.push(ms);
  };
  return { now: () => instant(now), pause, pauses };
}

/** A hub that notes the sizes of its calls. */
function counting(hub: FindingsHub) {
  const calls: { findings: number; bytes: number }[] = [];
  const importing: FindingsHub['import'] = (findings) => {
    calls.push({ findings: findings.length, bytes: JSON.stringify(findings).length });
    return hub.import(findings);
  };
  return { ...hub, import: importing, calls };
}

const finding = (id: string, text = ''): AsffFinding => ({
  ...asffFinding(aSecretAudit(), aVerdict(), aProvenance()),
  Id: id,
  ProductFields: { text },
});

test('a call has at most 100 findings and 6 MB', async () => {
  const hub = counting(memoryFindingsHub());
  const batches = new FindingBatches(hub, aClock());
  for (let index = 0; index < 150; index++) await batches.add(finding(`small-${index}`));
  for (let index = 0; index < 40; index++) await batches.add(finding(`large-${index}`, 'x'.repeat(230_000)));
  await batches.flush();
  expect(hub.calls.map(({ findings }) => findings)).toEqual([100, 76, 14]);
  expect(Math.max(...hub.calls.map(({ bytes }) => bytes))).toBeLessThanOrEqual(6 * 1024 * 1024);
  expect(batches.failed).toEqual([]);
});

test('a finding over 240 KB is not sent', async () => {
  const hub = counting(memoryFindingsHub());
  const batches = new FindingBatches(hub, aClock());
  await batches.add(finding('huge', 'x'.repeat(250_000)));
  await batches.flush();
  expect(hub.calls).toEqual([]);
  expect(batches.failed).toMatchObject([{ id: 'huge', code: 'TooLarge' }]);
});

test('ten calls a second are made at most', async () => {
  const clock = aClock();
  const batches = new FindingBatches(memoryFindingsHub(), clock);
  for (let index = 0; index < 3000; index++) await batches.add(finding(String(index)));
  await batches.flush();
  expect(clock.now()).toBeGreaterThanOrEqual(2900);
  expect(clock.now()).toBeLessThanOrEqual(3000);
});

test('only what may pass later is tried again', async () => {
  const memory = memoryFindingsHub();
  memory.refuse({ id: 'bad', code: 'InvalidInput', message: 'Title', retryable: false });
  memory.refuse({ id: 'busy', code: 'InternalException', message: 'busy', retryable: true });
  const hub = counting(memory);
  const batches = new FindingBatches(hub, aClock());
  for (const id of ['good', 'bad', 'busy']) await batches.add(finding(id));
  await batches.flush();
  expect(hub.calls.map(({ findings }) => findings)).toEqual([3, 1]);
  expect(batches.failed.map(({ id }) => id)).toEqual(['bad']);
  expect(memory.findings().map(({ Id }) => Id)).toEqual(['good', 'busy']);
});

test('a call that is throttled for good fails each of its findings after three tries', async () => {
  const clock = aClock();
  const calls: number[] = [];
  const hub: FindingsHub = {
    ...memoryFindingsHub(),
    import: async (findings) => {
      calls.push(findings.length);
      throw new FindingsHubError('Cannot import', { reason: 'throttled', retryable: true });
    },
  };
  const batches = new FindingBatches(hub, clock);
  await batches.add(finding('a'));
  await batches.add(finding('b'));
  await batches.flush();
  expect(calls).toEqual([2, 2, 2]);
  expect(batches.failed).toMatchObject([
    { id: 'a', code: 'throttled' },
    { id: 'b', code: 'throttled' },
  ]);
});
