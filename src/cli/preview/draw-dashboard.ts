import { DAY, HOUR, type Instant, later, MINUTE } from '../../calendar/instant.ts';
import { type DashboardSource, DashboardSourceError } from '../../monitor/ports/watch/dashboard-source.ts';
import { type DrawnWidget, drawWidget } from './draw-widget.ts';
import { readShownBody } from './shown-body.ts';

/** A dashboard as the page shows it. */
export interface DrawnDashboard {
  readonly name: string;
  readonly widgets: readonly DrawnWidget[];
  /** Why there is nothing to show; undefined when there is. */
  readonly fault: string | undefined;
}

/** Draws the dashboard of this name with what it shows at `now`. */
export async function drawDashboard(
  source: DashboardSource,
  name: string,
  now: Instant,
): Promise<DrawnDashboard> {
  const fault = (text: string): DrawnDashboard => ({ name, widgets: [], fault: text });
  try {
    const text = await source.body(name);
    if (text === undefined) return fault(`There is no dashboard "${name}" here: deploy it first.`);
    const body = readShownBody(text);
    if (body === undefined) return fault(`The dashboard "${name}" has widgets that cannot be drawn here.`);
    const shown = timeRange(body.start, now);
    const widgets = await Promise.all(body.widgets.map((widget) => drawWidget(source, widget, shown)));
    return { name, widgets, fault: undefined };
  } catch (error) {
    if (error instanceof DashboardSourceError) return fault(error.message);
    throw error;
  }
}

/** What a dashboard shows that names no time: three hours, as in the console. */
const USUAL_MS: number = 3 * HOUR;

/** The time that a dashboard shows until `now`, from its `start` such as `-P7D`. */
export function timeRange(
  start: string | undefined,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const [, days, hours, minutes] = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(start ?? '') ?? [];
  const ms = Number(days ?? 0) * DAY + Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE;
  return { from: later(now, -(ms === 0 ? USUAL_MS : ms)), to: now };
}
