import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  type Announcement as Announced,
  announcementName,
  FOR_OPERATORS,
} from '../src/monitor/config/announcement.ts';
import { AuditSchedule } from './constructs/audits.ts';
import { CanaryLife } from './constructs/canary.ts';
import { SweepSchedule } from './constructs/define-schedule.ts';
import type { FunctionSpec } from './constructs/function-spec.ts';
import type { MemberBus } from './constructs/member-bus.ts';
import { MonitorResources } from './constructs/monitor-resources.ts';
import { MonitoredFunction, type UnattendedProps } from './constructs/monitored-function.ts';
import { RotationAlarms, RotationDashboards, watchedDeployment } from './constructs/rotation-alarms.ts';
import { RotationRules } from './constructs/rotation-rules.ts';
import type { LeaseTable } from './constructs/state-table.ts';
import { functionSpecs, MEMORY_MIB } from './functions/function-specs.ts';
import { environmentOf, type SettingTexts } from './props/environment.ts';
import { checkEnvironmentSize } from './props/environment-size.ts';
import { functionArn, functionName } from './props/function-name.ts';
import { handlerFolder } from './props/handler-folder.ts';
import { type HeardProps, unheard } from './props/heard.ts';
import { checkProps } from './props/prop-faults.ts';
import type { RotationMonitorProps } from './props/rotation-monitor-props.ts';
import { settingTexts } from './props/setting-props.ts';

export { AgentLayer, type AgentLayerProps } from './constructs/applications/agent-layer.ts';
export {
  InvalidationTopic,
  type InvalidationTopicProps,
} from './constructs/applications/invalidation-topic.ts';
export type { MemberGroup, MemberProps } from './props/member-props.ts';
export type { RotationMonitorProps } from './props/rotation-monitor-props.ts';
export type { SettingProps } from './props/setting-props.ts';
export { RotationMonitorMember, type RotationMonitorMemberProps } from './rotation-monitor-member.ts';
export { SecretRotationFunction, type SecretRotationFunctionProps } from './secret-rotation-function.ts';

/** Age after which an event is dropped, since a sweep has done its work by then. */
const MAX_EVENT_AGE = Duration.hours(1);
/** Interval of the settings table. */
const DEFAULT_SWEEP_INTERVAL = Duration.minutes(5);
const DEFAULT_NAMESPACE = 'SecretRotation';

/** Watches the rotation of every secret in the account and region that it is deployed to. */
export class RotationMonitor extends Construct {
  /** Gets the alerts. */
  readonly alertTopic: ITopic;
  /** Gets what is wrong with the monitor itself. */
  readonly healthTopic: ITopic;
  /** Encrypts table, queues and topics. */
  readonly encryptionKey: IKey;
  /** Gets the events of members; undefined where there are none. */
  readonly memberBus: MemberBus | undefined;
  /** The functions, by the name of their handler, such as `sweep`. */
  readonly functions: ReadonlyMap<string, MonitoredFunction>;

  readonly #leases: LeaseTable;

  constructor(scope: Construct, id: string, props: RotationMonitorProps = {}) {
    super(scope, id);
    checkProps(props);
    const resources = new MonitorResources(this, 'Resources', {
      ...props,
      checkSecretArn: functionArn(functionName(this, 'check-secret')),
      auditArn: functionArn(functionName(this, 'audit')),
    });
    this.#leases = resources.leases;
    this.encryptionKey = resources.encryptionKey;
    this.alertTopic = resources.topics.alertTopic;
    this.healthTopic = resources.topics.healthTopic;
    this.memberBus = resources.memberBus;
    this.node.addValidation({ validate: () => [...unheard(this, this.#heard(props))] });
    this.functions = this.#defineFunctions(resources, props);
    this.#defineRules('Rules', resources);
    if (this.memberBus !== undefined) this.#defineRules('MemberRules', resources, this.memberBus.eventBus);
    new SweepSchedule(this, 'Schedule', {
      function: this.function('sweep'),
      interval: props.sweepInterval ?? DEFAULT_SWEEP_INTERVAL,
      deadLetterQueue: resources.undelivered,
      encryptionKey: resources.encryptionKey,
    });
    this.#defineCanary(resources);
    this.#defineAudits(resources);
    new Announcement(this, 'Announcement', this.functions);
    this.#defineObservability(resources, props);
  }

  /**
   * Lets a role of this account say which version of a secret it uses, as `docs/leases.md` describes; it may write
   * nothing else. Throws for a secret without its full ARN, and for a role of another account or region.
   */
  grantLease(grantee: IGrantable, secret: ISecret): Grant {
    return this.#leases.grantTo(grantee, secret);
  }

  /** The function of a handler; throws when there is none. */
  function(handlerName: string): MonitoredFunction['function'] {
    const found = this.functions.get(handlerName);
    if (found === undefined) throw new Error(`There is no function "${handlerName}"`);
    return found.function;
  }

  #heard({ owners = [], subscribedElsewhere = false }: RotationMonitorProps): HeardProps {
    const { alertTopic, healthTopic } = this;
    return { alertTopic, healthTopic, owners, subscribedElsewhere };
  }

  #defineRules(id: string, resources: MonitorResources, eventBus?: MemberBus['eventBus']): void {
    new RotationRules(this, id, {
      rotationQueue: resources.rotationQueue.queue,
      labelQueue: resources.labelQueue.queue,
      deadLetterQueue: resources.undelivered,
      ...(eventBus === undefined ? {} : { eventBus }),
    });
  }

  #defineCanary({ canary, undelivered }: MonitorResources): void {
    if (canary === undefined) return;
    new CanaryLife(this, 'Canary', {
      canary,
      rotationFunction: this.function('canary-rotation'),
      tickFunction: this.function('canary-tick'),
      deadLetterQueue: undelivered,
    });
  }

  #defineAudits({ audits, undelivered, encryptionKey }: MonitorResources): void {
    if (audits === undefined) return;
    new AuditSchedule(this, 'AuditSchedule', {
      function: this.function('audit'),
      plan: audits.plan,
      deadLetterQueue: undelivered,
      encryptionKey,
    });
  }

  #defineObservability(resources: MonitorResources, props: RotationMonitorProps): void {
    const watched = watchedDeployment(this, {
      resources,
      handlerNames: [...this.functions.keys()],
      failuresSeenOtherwise: [...this.functions].flatMap(([name, { failuresAreSeenBy }]) =>
        failuresAreSeenBy === undefined ? [] : [name],
      ),
      hasLocalAgents: props.localAgents ?? false,
      sweepInterval: props.sweepInterval ?? DEFAULT_SWEEP_INTERVAL,
      metricsNamespace: props.metricsNamespace ?? DEFAULT_NAMESPACE,
      runbookBaseUrl: props.runbookBaseUrl,
    });
    new RotationAlarms(this, 'Alarms', { watched, healthTopic: this.healthTopic });
    if (props.dashboards ?? true) new RotationDashboards(this, 'Dashboards', { watched });
  }

  #defineFunctions(
    resources: MonitorResources,
    props: RotationMonitorProps,
  ): ReadonlyMap<string, MonitoredFunction> {
    const { logRetention = RetentionDays.ONE_MONTH } = props;
    const code = Code.fromAsset(props.handlerFolder ?? handlerFolder());
    const shared: SettingTexts = {
      accountId: Aws.ACCOUNT_ID,
      region: Aws.REGION,
      ...settingTexts(props),
      ...resources.settings,
    };
    const define = ({ retryAttempts, settings, unread = [], ...spec }: FunctionSpec) => {
      const left = Object.fromEntries(unread.map((field) => [field, undefined]));
      const environment = environmentOf({ ...shared, ...left, ...settings });
      checkEnvironmentSize(this, environment);
      return new MonitoredFunction(this, pascalCase(spec.handlerName), {
        ...spec,
        functionName: functionName(this, spec.handlerName),
        code,
        environment,
        logRetention,
        memorySize: MEMORY_MIB,
        ...(retryAttempts === undefined ? {} : { unattended: unattended(resources, retryAttempts) }),
      });
    };
    return new Map(functionSpecs(resources).map((spec) => [spec.handlerName, define(spec)]));
  }
}

const unattended = ({ undelivered }: MonitorResources, retryAttempts: number): UnattendedProps => ({
  retryAttempts,
  maxEventAge: MAX_EVENT_AGE,
  deadLetterQueue: undelivered,
});

const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Announces a deployment to people: an SSM parameter, named after the stack, with the functions that they invoke. It is free. https://aws.amazon.com/systems-manager/pricing/ */
class Announcement extends Construct {
  constructor(scope: Construct, id: string, functions: ReadonlyMap<string, MonitoredFunction>) {
    super(scope, id);
    const arns = FOR_OPERATORS.map((handler) => [handler, functions.get(handler)?.function.functionArn]);
    const announced: Announced = { schemaVersion: 1, functions: Object.fromEntries(arns) };
    const stack = Stack.of(this);
    new CfnParameter(this, 'Parameter', {
      name: announcementName(stack.stackName),
      type: 'String',
      description: 'Where the command rotation-monitor finds the functions that people invoke',
      value: stack.toJsonString(announced),
    });
  }
}
