import type { Handler } from 'aws-lambda';
import type { ExplainingAlerts } from '../application/operate/explain-open-alerts.ts';
import { showOpenAlerts, type WidgetRequest } from '../application/operate/show-open-alerts.ts';
import { composeWidget } from '../compose/compose-widget.ts';
import { readConfig } from '../config/read-config.ts';

export { composeWidget } from '../compose/compose-widget.ts';

/** Draws the widget of open alerts on the dashboards. */
export const createOpenAlertsWidget =
  (service: ExplainingAlerts): Handler<WidgetRequest, string> =>
  (request) =>
    showOpenAlerts(service, request);

export const handler: Handler<WidgetRequest, string> = createOpenAlertsWidget(
  composeWidget(readConfig(process.env)),
);
