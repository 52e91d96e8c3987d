/** What dashboards and alarms have to know of the deployment they watch. Names may be tokens of CDK. */
export interface Watched {
  readonly account: string;
  readonly region: string;
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** Namespace of the monitor's own metrics. */
  readonly namespace: string;
  /** Names of the monitor's functions, by what they are for, such as `sweep`. */
  readonly functions: Readonly<Record<string, string>>;
  /** Names of the queues that feed functions, by what they are for. */
  readonly queues: Readonly<Record<string, string>>;
  /** Names of their dead-letter queues, by the same keys. */
  readonly deadLetterQueues: Readonly<Record<string, string>>;
  readonly sweepIntervalSeconds: number;
  /** What the names of all alarms and dashboards begin with, a hyphen at the end included. */
  readonly namePrefix: string;
  /** Where the runbook pages are published; undefined names the pages without a link. */
  readonly runbookBaseUrl: string | undefined;
  /** The function behind the widget of open alerts; undefined leaves the widget out. */
  readonly widgetFunctionArn: string | undefined;
  /** Words of which the name of every rotation function has one. */
  readonly rotationFunctionWords: readonly string[];
}

/** Words that the names of most rotation functions have in them, those of AWS's templates included. */
export const USUAL_ROTATION_FUNCTION_WORDS: readonly string[] = [
  'rotate',
  'rotation',
  'rotator',
  'SecretsManager',
];
