import type { Instant } from '../../calendar/instant.ts';
import type { LineRequest } from '../../monitor/ports/watch/dashboard-source.ts';
import type { ShownMetrics } from './shown-body.ts';

/** A line of a widget, as it is asked for and as it is drawn. */
export interface WidgetLine {
  readonly request: LineRequest;
  readonly color: string | undefined;
}

/** The lines of a widget; those without an id get one. */
export function widgetLines(
  properties: ShownMetrics,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly WidgetLine[] {
  const whole = Math.max(60, Math.ceil((to - from) / 60_000) * 60);
  return properties.metrics.map((row, index) => {
    const names = row.filter((part) => typeof part === 'string');
    const options = row.find((part) => typeof part !== 'string');
    const common = {
      id: options?.id ?? `line${index}`,
      label: options?.label,
      visible: options?.visible ?? true,
      period: properties.setPeriodToTimeRange ? whole : (options?.period ?? properties.period),
    };
    if (options?.expression !== undefined) {
      return { request: { ...common, formula: options.expression }, color: options.color };
    }
    const [namespace = '', name = '', ...dimensions] = names;
    const statistic = options?.stat ?? properties.stat;
    const request = { ...common, namespace, name, dimensions: inPairs(dimensions), statistic };
    return { request, color: options?.color };
  });
}

function inPairs(names: readonly string[]): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (let index = 0; index + 1 < names.length; index += 2)
    pairs[names[index] ?? ''] = names[index + 1] ?? '';
  return pairs;
}
