import { expect, test } from 'vitest';
import { later, SECOND } from '../../../../../src/calendar/instant.ts';
import { framing, runsOf } from '../../../../../src/monitor/domain/examine/logged-run.ts';
import { NOW } from '../../../../support/builders.ts';

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
