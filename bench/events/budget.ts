import type { Storm } from './storm.ts';

/** Writes to the table beside those about one rotation: that events arrive, once an hour. */
const OTHER_WRITES = 2;

/** Returns the breaches of the budget by a storm; empty when there are none. */
export function breaches(storm: Storm): readonly string[] {
  const { delivered, tally, waiting, deadLetters, incomplete, writes, changes } = storm;
  const allowed = changes + OTHER_WRITES;
  return [
    ...(tally.acknowledged === delivered
      ? []
      : [`${tally.acknowledged} of ${delivered} events were processed`]),
    ...(waiting === 0 ? [] : [`${waiting} messages were left in the queues`]),
    ...(deadLetters === 0 ? [] : [`${deadLetters} messages went to a dead-letter queue`]),
    ...(incomplete.length === 0
      ? []
      : [`${incomplete.length} rotations are not recorded as they were: ${incomplete[0]}`]),
    ...(writes <= allowed ? [] : [`${writes} writes for ${changes} changes, more than ${allowed}`]),
  ];
}

/** The row of the table of results. */
export function resultRow({
  options,
  delivered,
  busiestMinute,
  busiestOfHandlers,
  tally,
  writes,
  changes,
  wallMs,
}: Storm): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const cells = [
    number(options.rotations),
    number(delivered),
    number(busiestMinute),
    number(busiestOfHandlers),
    number(tally.events.size),
    number(tally.givenBack),
    number(tally.partialBatches),
    number(writes),
    number(changes),
    (wallMs / delivered).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}
