import { expect, test } from 'vitest';
import { observed } from '../../../../../src/monitor/domain/report/figure.ts';
import { at } from '../../../../support/builders.ts';
import { aSecretAudit, aStream, aSummary, aVerdict, written } from '../../../../support/reports.ts';

test('a page needs nothing from elsewhere and runs no script', async () => {
  const page = await written('html');
  expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
  expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/i);
});

test('the page says whom verdicts are about, and has every part', async () => {
  const page = await written('html');
  expect(page).toContain('None is about the organization');
  for (const part of ['controls', 'trend', 'population', 'coverage', 'exceptions', 'secrets', 'provenance']) {
    expect(page).toContain(`<section id="${part}">`);
    expect(page).toContain(`href="#${part}"`);
  }
});

test('what is inferred or unknown says why', async () => {
  const page = await written('html');
  expect(page).toContain('<li>Windows missed inferred: the event of February was not received</li>');
  expect(page).toContain('<li>Last tested unknown: no test rotation was seen</li>');
});

test('a secret that nobody has ever requested says so', async () => {
  const lastAccessedAt = { value: undefined, basis: 'observed' } as const;
  const secrets = () => aStream([aSecretAudit({ lastAccessedAt })]);
  expect(await written('html', secrets())).toContain('<dt>Last requested</dt><dd>never</dd>');
  expect(await written('csv', secrets())).toContain('"never","observed"');
});

test('rows that do not add up say by how many', async () => {
  const [row] = aSummary().population;
  const population = row ? [{ ...row, difference: -2 }] : [];
  expect(await written('html', aStream(undefined, aSummary({ population })))).toContain('off by -2');
});

test('the worst 500 are shown worst first, and the page says how many there are', async () => {
  const many = Array.from({ length: 600 }, (_, index) =>
    aSecretAudit({ secretName: `secret-${index}`, windowsMissed: observed(index) }),
  );
  const failing = aSecretAudit({ secretName: 'failing', controls: [aVerdict({ status: 'alarm' })] });
  const page = await written('html', aStream([...many, failing]));
  const names = [...page.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, name]) => name);
  expect(names).toHaveLength(500);
  expect(names.slice(0, 2)).toEqual(['failing', 'secret-599']);
  expect(names.at(-1)).toBe('secret-101');
  expect(page).toContain('The worst 500 of 601; the CSV report has all.');
});

test('the timeline of a secret that rotates all the time stays small', async () => {
  const rotations = Array.from({ length: 5000 }, (_, index) => ({
    versionId: undefined,
    startedAt: undefined,
    endedAt: at(new Date(Date.UTC(2026, 0, 1) + index * 1_500_000).toISOString()),
    outcome: 'succeeded' as const,
    failures: [],
    repairMs: undefined,
    basis: 'observed' as const,
  }));
  const page = await written('html', aStream([aSecretAudit({ rotations })]));
  expect(page.match(/<rect class="ok"[^>]*height="24"/g)?.length).toBeLessThan(350);
  expect(page).toContain('5,000 completed rotations');
});
