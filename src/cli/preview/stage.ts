import type { Instant } from '../../calendar/instant.ts';
import type { DashboardSource } from '../../monitor/ports/watch/dashboard-source.ts';
import type { InboxMail } from './inbox-html.ts';

/** The source, dashboards and clock of a preview. */
export interface Stage {
  readonly source: DashboardSource;
  /** Names of the dashboards, in the order of the tabs. */
  readonly dashboards: readonly string[];
  readonly now: () => Instant;
  /** One line about where and when this is. */
  readonly status: () => string;
  /** The mails that were sent so far; undefined where nobody can see them. */
  readonly mails: (() => readonly InboxMail[]) | undefined;
  /** Time between two looks of the page for new data, in milliseconds. */
  readonly refreshMs: number;
}
