/** `messages`: what functions failed on. `invocations`: what EventBridge, Scheduler and Lambda could not hand over. */
export type DeadLetterKind = 'messages' | 'invocations';

/** The deployment that dashboards and alarms watch. Names may be tokens of CDK. */
export interface Watched {
  readonly account: string;
  readonly region: string;
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** Namespace of the monitor's own metrics. */
  readonly namespace: string;
  /** Names of the monitor's functions, by what they are for, such as `sweep`. */
  readonly functions: Readonly<Record<string, string>>;
  /** Those whose failures something else reports: the caller sees them, or another alarm rings. */
  readonly failuresSeenOtherwise: readonly string[];
  /** Names of the queues that feed functions, by what they are for. */
  readonly queues: Readonly<Record<string, string>>;
  /** Names of the dead-letter queues, by what is in them. */
  readonly deadLetterQueues: Readonly<Partial<Record<DeadLetterKind, string>>>;
  /** Whether other accounts or regions are watched than those of the monitor. */
  readonly hasMembers: boolean;
  /** Whether applications report on local agents. */
  readonly hasLocalAgents: boolean;
  readonly sweepIntervalSeconds: number;
  /** The longest time between two scheduled audits; undefined where there are none. */
  readonly auditEverySeconds: number | undefined;
  /** Common beginning of all alarm names, a hyphen at the end included. */
  readonly namePrefix: string;
  /** The same for dashboards, which all regions of an account share. */
  readonly dashboardPrefix: string;
  /** Base URL of the published runbook pages; undefined names the pages without a link. */
  readonly runbookBaseUrl: string | undefined;
  /** The function behind the widget of open alerts; undefined leaves the widget out. */
  readonly widgetFunctionArn: string | undefined;
  /** Words of which the name of every rotation function has one. */
  readonly rotationFunctionWords: readonly string[];
  /** Name of the rotation function of the canary, which fails on purpose; undefined where there is no canary. */
  readonly canaryFunction: string | undefined;
}

/** Words that the names of most rotation functions have in them, those of AWS's templates included. */
export const USUAL_ROTATION_FUNCTION_WORDS: readonly string[] = [
  'rotate',
  'rotation',
  'rotator',
  'SecretsManager',
];
