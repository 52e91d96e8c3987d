import { openAlertsHtml } from '../../domain/message/open-alerts-html.ts';
import { type ExplainingAlerts, explainOpenAlerts } from './explain-open-alerts.ts';

/** The request of a CloudWatch dashboard to the function of a custom widget, as far as it matters here. */
export interface WidgetRequest {
  /** Set when the documentation is wanted and nothing else. */
  readonly describe?: unknown;
}

/** Most alerts that a widget shows. */
const MOST_SHOWN = 20;

/** Markdown, as the console shows it to who chooses the widget. */
const DOCUMENTATION = `## Open alerts of the secret rotation monitor

Lists the ${MOST_SHOWN} gravest open alerts: how long each has been open, its cause, what is at risk, and the first command of the advice.
It checks each of their secrets, and stores and sends nothing. It has no parameters.
`;

/**
 * Answers a custom widget with HTML, or with its documentation.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 */
export async function showOpenAlerts(
  service: ExplainingAlerts,
  { describe }: WidgetRequest,
): Promise<string> {
  if (describe !== undefined && describe !== false) return DOCUMENTATION;
  const { runbookBaseUrl, acknowledgeFunctionArn } = service.settings;
  const open = await explainOpenAlerts(service, MOST_SHOWN);
  return openAlertsHtml({ ...open, now: service.clock.now(), runbookBaseUrl, acknowledgeFunctionArn });
}
