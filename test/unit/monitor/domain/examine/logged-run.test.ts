import { expect, test } from 'vitest';
import { later, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  failingRuns,
  framing,
  type LoggedAttempt,
  type LogLine,
  runsOf,
  wordsOfAttempt,
} from '../../../../../src/monitor/domain/examine/logged-run.ts';
import { NOW, PENDING } from '../../../../support/builders.ts';

const ID = '11111111-aaaa-4111-8111-111111111111';

test.each([
  [`START RequestId: ${ID} Version: $LATEST`, 'start', ID],
  [`END RequestId: ${ID}`, 'end', ID],
  [`REPORT RequestId: ${ID}\tDuration: 1 ms`, 'report', ID],
  [`{"type":"platform.start","record":{"requestId":"${ID}"}}`, 'start', ID],
  [`{"type":"platform.report","record":{"requestId":"${ID}"}}`, 'end', ID],
  [`[ERROR]\t2026-11-21T10:00:00Z\t${ID}\tno`, undefined, ID],
  [`2026-11-21T10:00:00Z\t${ID}\tERROR\tno`, undefined, ID],
  [`2026-11-21T10:00:00Z ${ID} Task timed out after 3.00 seconds`, undefined, ID],
  [`{"level":"ERROR","requestId":"${ID}","message":"no"}`, undefined, ID],
  [`{"level":"ERROR","error":{"requestId":"${ID}"}}`, undefined, undefined],
  [`no answer to ${ID}`, undefined, undefined],
  ['{"requestId": 7}', undefined, undefined],
  ['{', undefined, undefined],
  ['', undefined, undefined],
])('the frame of %s', (text, frame, stated) => {
  expect(framing(text)).toEqual({ frame, stated });
});

test('a line behind the end of a request is of none', () => {
  const texts = [`START RequestId: ${ID} Version: 1`, 'in', `END RequestId: ${ID}`, 'behind'];
  const lines = texts.map((text, index) => ({ at: later(NOW, index * SECOND), stream: 'a', text }));
  expect(runsOf(lines).map(({ requestId, lines: own }) => [requestId, own.length])).toEqual([
    [ID, 3],
    [undefined, 1],
  ]);
});

const OURS = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf';
const OTHER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/error-XyZabc';
const [ONE, TWO] = ['11111111-aaaa-4111-8111-111111111111', '22222222-bbbb-4222-8222-222222222222'] as const;
const ATTEMPT: LoggedAttempt = { secretArn: OURS, versionId: PENDING, failedAt: [] };

/** Lines of one stream, a second apart. */
const stream = (name: string, ...texts: readonly string[]): readonly LogLine[] =>
  texts.map((text, index) => ({ at: later(NOW, index * SECOND), stream: name, text }));

/** A request as Lambda frames it. */
const request = (id: string, ...texts: readonly string[]): readonly string[] => [
  `START RequestId: ${id} Version: $LATEST`,
  ...texts,
  `END RequestId: ${id}`,
  `REPORT RequestId: ${id}\tDuration: 900.00 ms`,
];

const inTime = (...lines: readonly (readonly LogLine[])[]): readonly LogLine[] =>
  lines.flat().sort((a, b) => a.at - b.at);

const shown = (lines: readonly LogLine[], attempt: LoggedAttempt = ATTEMPT) =>
  failingRuns(lines, attempt).map((run) => [run.requestId, run.by, run.lines.map(({ text }) => text)]);

test('the error lines of a request belong to the secret that any of its lines names', () => {
  const lines = stream(
    'a',
    ...request(ONE, `[ERROR]\t2026\t${ONE}\tsetSecret: no login to ${OURS}.`, '[ERROR] ValueError: no'),
    ...request(TWO, `[ERROR]\t2026\t${TWO}\tsetSecret: no login to ${OTHER}.`, '[ERROR] ValueError: other'),
  );
  expect(shown(lines)).toEqual([
    [ONE, 'name', [`[ERROR]\t2026\t${ONE}\tsetSecret: no login to ${OURS}.`, '[ERROR] ValueError: no']],
  ]);
});

test('requests at the same time are told apart by their streams', () => {
  const lines = inTime(
    stream('a', ...request(ONE, `[INFO] for ${OURS}`, '[ERROR] mine')),
    stream('b', ...request(TWO, `[INFO] for ${OTHER}`, '[ERROR] theirs')),
  );
  expect(shown(lines)).toEqual([[ONE, 'name', ['[ERROR] mine']]]);
});

test('a request that times out is told by the id in the line, also behind the next one', () => {
  const timedOut = `2026-11-21T10:00:00.000Z ${ONE} Task timed out after 30.00 seconds`;
  const lines = stream('a', ...request(ONE, `[INFO] version ${PENDING}`), timedOut, ...request(TWO));
  expect(shown(lines)).toEqual([[ONE, 'name', [timedOut]]]);
});

test('lines in JSON are put together by their request, with and without the frame', () => {
  const line = (id: string, message: string) =>
    JSON.stringify({ level: 'ERROR', message, logger: 'root', requestId: id });
  const start = JSON.stringify({
    type: 'platform.start',
    record: { requestId: ONE, functionArn: 'f', version: '$LATEST' },
  });
  const lines = stream('a', start, '{"message":"Error, bare"}', line(ONE, `for ${OURS}`), line(TWO, OTHER));
  expect(shown(lines)).toMatchObject([
    [ONE, 'name', ['{"message":"Error, bare"}', line(ONE, `for ${OURS}`)]],
  ]);
  expect(shown(lines.slice(2))).toMatchObject([[ONE, 'name', [line(ONE, `for ${OURS}`)]]]);
});

test('a line of a request that is not known counts by the name in it alone', () => {
  const lines = stream('a', `Error for ${OURS}`, 'Error for nobody', `Error for ${OTHER}`);
  expect(shown(lines)).toEqual([[undefined, 'name', [`Error for ${OURS}`]]]);
});

test.each([
  `Error for ${OURS}-XyZabc`,
  `Error for ${OURS}.v2`,
  `Error for ${OURS}/b`,
  `Error for ${PENDING}0`,
])('a longer name is another secret: %s', (text) => {
  expect(shown(stream('a', text))).toEqual([]);
});

test.each([`Error for ${OURS}.`, `Error for "${OURS}"`, `Error: ${OURS}, again`])(
  'a name may stand in a sentence: %s',
  (text) => {
    expect(shown(stream('a', text))).toHaveLength(1);
  },
);

test('the name of a secret is no error', () => {
  expect(shown(stream('a', `[INFO] for ${OTHER}`), { ...ATTEMPT, secretArn: OTHER })).toEqual([]);
});

test('a request that names no secret counts where it alone ended when the failure was recorded', () => {
  const lines = stream('a', ...request(ONE, '[ERROR] the network is away'));
  const ended = later(NOW, 3 * SECOND);
  const failedAt = (...times: LoggedAttempt['failedAt']): LoggedAttempt => ({ ...ATTEMPT, failedAt: times });
  const found = [[ONE, 'time', ['[ERROR] the network is away']]];
  expect(shown(lines, failedAt(ended))).toEqual(found);
  expect(shown(lines, failedAt(later(ended, 30 * SECOND)))).toEqual(found);
  expect(shown(lines, failedAt(later(ended, 30 * SECOND + 1)))).toEqual([]);
  expect(shown(lines, failedAt(later(ended, -1)))).toEqual([]);
  expect(shown(lines)).toEqual([]);
  const twice = inTime(lines, stream('b', ...request(TWO, '[ERROR] the network is away')));
  expect(shown(twice, failedAt(ended))).toEqual([]);
  const other = inTime(lines, stream('b', ...request(TWO, `[ERROR] for ${OTHER}`)));
  expect(shown(other, failedAt(ended))).toEqual(found);
});

test('the words find errors, the frames of requests, and whatever names a secret or the version', () => {
  const words = wordsOfAttempt(ATTEMPT);
  expect(words).toEqual(expect.arrayContaining(['ERROR', 'START RequestId', ':secret:', PENDING]));
  expect(wordsOfAttempt({ ...ATTEMPT, versionId: undefined })).not.toContain(PENDING);
  expect(failingRuns([], ATTEMPT)).toEqual([]);
});
