import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from '../../../../support/csv.ts';
import {
  aProvenance,
  aSecretAudit,
  aStream,
  aSummary,
  aVerdict,
  written,
} from '../../../../support/reports.ts';
import { judgedBy } from '../../../../support/schemas.ts';

const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '=HYPERLINK("http://example.com")',
    '\r\n"x",=1+1',
    ']]></style>',
    '\u202e\u2066evil',
    '","a":"b',
    '&lt;script&gt;',
  ),
  fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' '), fc.string()).map((parts) => parts.join('')),
);

/** A report in which every text from outside is hostile. */
const report = fc.array(hostile, { minLength: 8, maxLength: 8 }).map((texts) => {
  const [
    name = '',
    owner = '',
    reason = '',
    evidence = '',
    what = '',
    identity = '',
    schedule = '',
    key = '',
  ] = texts;
  const secret = aSecretAudit({
    secretName: `n${name}`,
    owner,
    schedule,
    controls: [aVerdict({ status: 'alarm', reason, evidence: [evidence] })],
    silence: { until: aProvenance().readAt, reason },
    changes: [
      { secretArn: 'a', kind: 'owner-changed', at: aProvenance().period.from, actor: identity, after: owner },
    ],
  });
  const summary = aSummary({ notVerifiable: [{ what, because: reason }] });
  const provenance = aProvenance({ identity, parameters: { [`p${key}`]: evidence } });
  return () => aStream([secret, secret], summary, provenance);
});

const runs = { numRuns: 300 };
const forEvery = (check: (stream: ReturnType<typeof aStream>) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(report, async (stream) => check(stream())),
    runs,
  );

test('no hostile text breaks a line or is calculated in CSV', () =>
  forEvery(async (stream) => {
    const text = await written('csv', stream);
    const rows = readCsv(text);
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    for (const cell of rows.flat()) {
      expect(/^\s*[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell), cell).toBe(false);
    }
    expect(text.split('\r\n')).toHaveLength(4);
  }));

const schemas = [
  ['json', judgedBy('audit.json')],
  ['asff', judgedBy('audit-asff.schema.json')],
] as const;

test.each(schemas)('hostile text leaves %s as its schema asks', (format, faults) =>
  forEvery(async (stream) => {
    expect(faults(JSON.parse(await written(format, stream)))).toEqual([]);
  }),
);

test('hostile text leaves each line of OCSF as its schema asks', () => {
  const faults = judgedBy('audit-ocsf.schema.json');
  return forEvery(async (stream) => {
    const lines = (await written('ocsf', stream)).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines.flatMap((line) => faults(JSON.parse(line)))).toEqual([]);
  });
});

test('hostile text adds no element and no attribute to HTML', async () => {
  const shapeOf = (page: string) =>
    [...page.matchAll(/<(\/?[a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/gi)].map(
      ([, name, attributes = '']) =>
        [name, ...[...attributes.matchAll(/([a-z-]+)="[^"]*"/gi)].map(([, attribute]) => attribute)].join(
          ' ',
        ),
    );
  const allowed = new Set(
    shapeOf(
      await written(
        'html',
        aStream([
          aSecretAudit({
            controls: [aVerdict({ status: 'alarm' })],
            silence: { until: aProvenance().readAt, reason: 'a' },
          }),
        ]),
      ),
    ),
  );
  await forEvery(async (stream) => {
    const page = await written('html', stream);
    expect(shapeOf(page).filter((shape) => !allowed.has(shape))).toEqual([]);
    expect(page.replaceAll(/<\/?[a-z!][^<>]*>/gi, '')).not.toContain('<');
  });
});
