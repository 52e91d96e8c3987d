import { ownBy } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import { type Row, row } from './layout.ts';
import { line } from './metric-row.ts';
import { COLORS } from './palette.ts';
import { graph } from './widgets.ts';

/** Row about the delay of the canary's events; undefined where there is no canary. */
export const canaryRow = (watched: Watched): Row | undefined =>
  watched.canaryFunction === undefined ? undefined : row(4, delays(watched));

const delays = (watched: Watched) =>
  graph(watched, {
    title: "The canary: from an event to the monitor, an hour's latest (seconds)",
    period: 3600,
    metrics: [
      line(ownBy(watched, 'CanaryEventDelay', { Kind: 'call' }), { label: 'API calls', color: COLORS.blue }),
      line(ownBy(watched, 'CanaryEventDelay', { Kind: 'rotation' }), {
        label: 'Rotations',
        color: COLORS.green,
      }),
    ],
  });
