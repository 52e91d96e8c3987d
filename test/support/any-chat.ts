import * as fc from 'fast-check';
import { instant } from '../../src/calendar/instant.ts';
import { SEVERITIES } from '../../src/monitor/domain/finding/finding.ts';
import type { ChatParts } from '../../src/monitor/domain/message/message.ts';
import { ROTATION_STEPS } from '../../src/monitor/domain/rotation/rotation-event.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('&', '<', '>', '"', '`', '\n', 'x'), maxLength: 6000, size: 'max' }),
);
const point = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instant);
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 30 });

/** Any parts of a message, short and long, whole and torn. */
export const anyChat: fc.Arbitrary<ChatParts> = fc.record({
  title: text,
  code: text,
  transition: fc.constantFrom('opened', 'rose', 'repeated', 'escalated', 'silenced', 'resolved'),
  severity: fc.constantFrom(...SEVERITIES),
  account: text,
  region: text,
  what: few(text),
  risk: fc.option(text, { nil: undefined }),
  since: fc.option(point, { nil: undefined }),
  at: point,
  step: fc.constantFrom(undefined, ...ROTATION_STEPS),
  advice: few(fc.record({ text, commands: few(text) })),
  links: few(fc.record({ label: text, url: fc.oneof(text, fc.webUrl()) })),
  changes: fc.option(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 12 }), {
    nil: undefined,
  }),
  acknowledge: fc.option(text, { nil: undefined }),
  threadId: text,
});
