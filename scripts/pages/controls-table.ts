import { CONTROL_IDS, CONTROLS } from '../../src/monitor/domain/report/control.ts';
import { code, table } from './markdown.ts';

/** Writes the controls with the limits of their verdicts. */
export const controlsTable = (): string =>
  table(
    ['Control', 'Severity', 'Its verdict', 'Left open', 'Related, without a verdict'],
    CONTROL_IDS.map((id) => {
      const { url, severity, judged, limit, related } = CONTROLS[id];
      return [`[${code(id)}](${url})`, severity, judged, limit, related.join(', ') || '–'];
    }),
  );
