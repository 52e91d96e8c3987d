import { expect, test } from 'vitest';
import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../src/monitor/domain/report-format/asff-shape.ts';
import type { FindingsHub, KnownFinding } from '../../src/monitor/ports/report/findings-hub.ts';
import { aProvenance, aSecretAudit, aVerdict } from '../support/reports.ts';

const finding = (given: Partial<AsffFinding> = {}): AsffFinding => ({
  ...asffFinding(aSecretAudit(), aVerdict(), aProvenance()),
  ...given,
});

async function allKnown(hub: FindingsHub): Promise<readonly KnownFinding[]> {
  const all: KnownFinding[] = [];
  let token: string | undefined;
  do {
    const { found, next } = await hub.known(token);
    all.push(...found);
    token = next;
  } while (token !== undefined);
  return all;
}

/** Tests what every hub of findings has to do. */
export function findingsHubContract(open: () => Promise<FindingsHub>): void {
  test('an imported finding is known with its secret and its moments', async () => {
    const hub = await open();
    expect(await allKnown(hub)).toEqual([]);
    expect(await hub.import([finding()])).toEqual([]);
    expect(await allKnown(hub)).toEqual([
      {
        id: finding().Id,
        secretArn: aSecretAudit().secretArn,
        createdAt: '2026-04-01T06:00:00Z',
        updatedAt: '2026-04-01T06:00:00Z',
        recordState: 'ACTIVE',
      },
    ]);
  });

  test('only a later update is taken', async () => {
    const hub = await open();
    await hub.import([finding()]);
    await hub.import([finding({ RecordState: 'ARCHIVED' })]);
    expect((await allKnown(hub))[0]?.recordState).toBe('ACTIVE');
    await hub.import([finding({ RecordState: 'ARCHIVED', UpdatedAt: '2026-04-01T06:00:01Z' })]);
    expect((await allKnown(hub))[0]?.recordState).toBe('ARCHIVED');
  });

  test('250 findings are read page by page', async () => {
    const hub = await open();
    const many = Array.from({ length: 250 }, (_, index) =>
      finding({ Id: `secret-rotation-monitor/${index}` }),
    );
    for (const start of [0, 100, 200]) await hub.import(many.slice(start, start + 100));
    expect(await allKnown(hub)).toHaveLength(250);
    expect((await hub.known()).found).toHaveLength(100);
  });
}
