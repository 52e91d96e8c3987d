import { expect, test } from 'vitest';
import { observed, unknown } from '../../../../../src/monitor/domain/report/figure.ts';
import { at } from '../../../../support/builders.ts';
import {
  aProvenance,
  aSecretAudit,
  aStream,
  aSummary,
  aVerdict,
  written,
} from '../../../../support/reports.ts';

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

test('the first lines say since when history is known', async () => {
  expect(await written('html')).toContain(' version 0.1.0. History is known since 2025-11-01 00:00 UTC.</p>');
  const unwatched = aStream([], aSummary(), aProvenance({ historySince: undefined }));
  expect(await written('html', unwatched)).toContain('No monitor has kept a history.</p>');
});

test('what is inferred or unknown says why', async () => {
  const page = await written('html');
  expect(page).toContain('<li>Windows missed inferred: the event of February was not received</li>');
  expect(page).toContain('<li>Last tested unknown: no test rotation was seen</li>');
});

test("Security Hub's own results stand beside the verdicts, those that are ok too, and are counted", async () => {
  const secret = aSecretAudit({
    controls: [
      aVerdict({ control: 'SecretsManager.1', securityHub: observed('FAILED') }),
      aVerdict({ control: 'SecretsManager.2', securityHub: observed('PASSED') }),
      aVerdict({ control: 'SecretsManager.3', securityHub: observed('PASSED') }),
      aVerdict({ control: 'SecretsManager.4', status: 'alarm', securityHub: unknown('It was denied.') }),
      aVerdict({ control: 'SecretsManager.5', securityHub: unknown('It was denied.') }),
      aVerdict({ control: 'PCI-DSS-4.0.1-8.6.3' }),
    ],
  });
  const securityHub = { 'SecretsManager.1': { PASSED: 1200, FAILED: 3 } };
  const page = await written('html', aStream([secret], aSummary({ securityHub })));
  const own = (text: string) => `<span class="soft">Security Hub&#39;s own result: ${text}</span></li>`;
  expect(page).toContain(`</span> SecretsManager.1 ${own('FAILED')}`);
  expect(page).toContain(`</span> SecretsManager.2, SecretsManager.3 ${own('PASSED')}`);
  const unknownOnes = 'SecretsManager.4, SecretsManager.5 are unknown: It was denied.';
  expect(page).toContain(
    `<li><span class="soft">Security Hub&#39;s own results of ${unknownOnes}</span></li>`,
  );
  expect(page).toContain('</span> SecretsManager.5, PCI-DSS-4.0.1-8.6.3</li>');
  expect(page).toContain(
    '<td><span class="keep">3 FAILED</span><br><span class="keep">1,200 PASSED</span></td>',
  );
  expect(page).toContain('Not counted: further tries of a call, and calls to STS');
  expect(await written('html')).not.toContain('Security Hub&#39;s own');
});

test('a secret that nobody has ever requested says so', async () => {
  const lastAccessedAt = { value: undefined, basis: 'observed' } as const;
  const secrets = () => aStream([aSecretAudit({ lastAccessedAt })]);
  expect(await written('html', secrets())).toContain('<dt>Last requested</dt><dd>never</dd>');
  expect(await written('csv', secrets())).toContain('"never","observed"');
});

test('what an API did not answer is not said to be beyond every API', async () => {
  const notVerifiable = [{ what: "Security Hub's own results for 20 secrets.", because: 'It was busy.' }];
  const page = await written('html', aStream([], aSummary({ notVerifiable })));
  expect(page).toContain('<caption>Not verifiable (1)</caption>');
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

test('a sampled secret has its full timeline, and the page says that the sums are about all', async () => {
  const sample = { size: 1, seed: '2026-Q1' };
  const [change] = aSecretAudit().changes;
  const changes = Array.from({ length: 30 }, (_, index) => ({
    secretArn: aSecretAudit().secretArn,
    kind: 'owner-changed' as const,
    at: at(new Date(Date.UTC(2026, 0, 2 + index)).toISOString()),
    after: `team-${index}`,
  }));
  const secret = aSecretAudit({ changes: change === undefined ? [] : [change, ...changes] });
  const page = await written('html', aStream([secret], undefined, aProvenance({ sample })));
  expect(page.match(/owner changed/g)).toHaveLength(30);
  const version = 'version 11111111-1111-4111-8111-111111111111';
  const lines = ['00:10 UTC rotation of', '00:11 UTC rotation of', '01:40 UTC rotation of'];
  for (const [index, end] of ['began', 'failed at setSecret', 'completed'].entries())
    expect(page).toContain(`<li>2026-02-10 ${lines[index]} ${version} ${end}</li>`);
  expect(page).toContain('The 1 secret of the sample with the seed 2026-Q1');
  expect(page).not.toContain('All 1.');
  const unsampled = await written('html', aStream([secret]));
  expect(unsampled).toContain('and 19 earlier changes');
  expect(unsampled).not.toContain('rotation of version');
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
