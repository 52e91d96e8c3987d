/** A scenario file of a day and a little more in which one secret rotates twice, and all is well. */
export const ALL_IS_WELL: Readonly<Record<string, unknown>> = {
  name: 'all is well',
  start: '2026-03-02T00:00:00Z',
  days: 1.1,
  seed: 7,
  sweepEvery: '15m',
  functions: [{ name: 'rotate', behaviour: 'healthy' }],
  secrets: [{ name: 'well', kind: 'function', function: 'rotate', schedule: 'rate(12 hours)' }],
};
