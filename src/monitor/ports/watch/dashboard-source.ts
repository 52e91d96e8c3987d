import type { Instant } from '../../../calendar/instant.ts';
import { PortError } from '../failure.ts';

/** One line of a widget: a metric or a formula over the other lines. */
export type LineRequest = {
  readonly id: string;
  /** Label of the series; texts in `${…}` are filled in. */
  readonly label: string | undefined;
  /** Whether it is to be answered, or only counted with. */
  readonly visible: boolean;
  /** Seconds. */
  readonly period: number;
} & (
  | { readonly formula: string }
  | {
      readonly namespace: string;
      readonly name: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: string;
    }
);

/** The lines of one widget and the time it shows. */
export interface LinesRequest {
  readonly lines: readonly LineRequest[];
  readonly from: Instant;
  readonly to: Instant;
}

/** One series that a line came to; a formula may come to several. */
export interface DrawnSeries {
  /** Id of the line. */
  readonly id: string;
  readonly label: string;
  /** Oldest first. */
  readonly points: readonly { readonly at: Instant; readonly value: number }[];
}

/** An alarm and the state it is in. */
export interface AlarmStatus {
  readonly arn: string;
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
}

/** Dashboards and the data they show; failures are {@link DashboardSourceError}s. */
export interface DashboardSource {
  /** The JSON text of a dashboard; undefined when there is none of this name. */
  body(name: string): Promise<string | undefined>;
  series(request: LinesRequest): Promise<readonly DrawnSeries[]>;
  /** In the order of the ARNs; alarms that do not exist are left out. */
  alarms(arns: readonly string[]): Promise<readonly AlarmStatus[]>;
  /** Returns the answer of a custom widget's function. */
  widget(functionArn: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** A dashboard, or what it shows, could not be read. */
export class DashboardSourceError extends PortError {
  override readonly name = 'DashboardSourceError';
}
