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

/** An exception that ends soon, with a text in every place that one from outside may come to. */
const anException = (text: string) => ({
  secretArn: text,
  control: 'SecretsManager.1' as const,
  reason: text,
  ticket: text,
  requestedBy: text,
  approvedBy: text,
  grantedAt: aProvenance().period.from,
  until: aProvenance().period.to,
});

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
  const expiringExceptions = [anException(reason)];
  const unseen = [{ what, because: reason }];
  const coverage = {
    ...aSummary().coverage,
    notSwept: unseen,
    unverifiable: unseen,
    unwatchedPrimaries: unseen,
  };
  const summary = aSummary({ notVerifiable: unseen, coverage, expiringExceptions });
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
        aStream(
          [
            aSecretAudit({
              controls: [aVerdict({ status: 'alarm' })],
              silence: { until: aProvenance().readAt, reason: 'a' },
            }),
          ],
          aSummary({ expiringExceptions: [anException('a')] }),
        ),
      ),
    ),
  );
  await forEvery(async (stream) => {
    const page = await written('html', stream);
    expect(shapeOf(page).filter((shape) => !allowed.has(shape))).toEqual([]);
    expect(page.replaceAll(/<\/?[a-z!][^<>]*>/gi, '')).not.toContain('<');
  });
});

test.each(['csv', 'json', 'html', 'ocsf', 'asff'] as const)(
  'nothing in %s steers a display, wherever it comes from',
  async (format) => {
    const text = 'x\nFORGED\u001B[2J\u202E\u200B';
    const secret = aSecretAudit({
      secretName: text,
      owner: text,
      schedule: text,
      controls: [aVerdict({ status: 'alarm', reason: text, evidence: [text] })],
      silence: { until: aProvenance().readAt, reason: text },
    });
    const unseen = [{ what: text, because: text }];
    const coverage = { ...aSummary().coverage, notSwept: unseen, unverifiable: unseen };
    const expiringExceptions = [anException(text)];
    const summary = aSummary({ notVerifiable: unseen, coverage, expiringExceptions });
    const provenance = aProvenance({ identity: text, version: text, parameters: { limit: text } });
    const said = await written(format, aStream([secret], summary, provenance));
    expect(said).toContain('FORGED');
    const unescaped = said.replaceAll(/\\u([0-9a-f]{4})/gi, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    expect(unescaped).not.toMatch(/[^\P{C}\r\n]/u);
    expect(unescaped).not.toMatch(/(\n|\\n)FORGED/);
  },
);
