import {
  App,
  CfnParameter,
  type CfnParameterProps,
  DefaultStackSynthesizer,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { AUDIT_SETTINGS } from '../../src/monitor/config/audit-settings.ts';
import { JUDGING_SETTINGS } from '../../src/monitor/config/judging-settings.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import { type Setting, variableOf } from '../../src/monitor/config/setting.ts';
import * as kind from '../../src/monitor/config/setting-kind.ts';
import type { MonitoredFunction } from '../constructs/monitored-function.ts';
import { RotationMonitor, type RotationMonitorProps } from '../rotation-monitor.ts';
import { RotationMonitorMemberStack } from '../rotation-monitor-member-stack.ts';
import { describeForOperators } from '../rotation-monitor-stack.ts';
import { stubHandlers, templateOf } from './monitor-stack.ts';

/** Folder of the bundles, relative to the folder that the build copies the templates to. */
const BUNDLES = '../handlers';

/** Settings that shape more than an environment: permissions, a schedule, names in alarms and dashboards. */
const STRUCTURE: readonly Setting<unknown>[] = [
  SERVICE_SETTINGS.metricsTransport,
  SERVICE_SETTINGS.metricsNamespace,
  SERVICE_SETTINGS.sweepIntervalMs,
  SERVICE_SETTINGS.inspectFunctions,
  SERVICE_SETTINGS.eventHistory,
  AUDIT_SETTINGS.asksSecurityHub,
];

/** Settings whose text is asked for when a template is deployed. */
const ASKED: readonly Setting<unknown>[] = Object.values<Setting<unknown>>({
  ...JUDGING_SETTINGS,
  ...SERVICE_SETTINGS,
}).filter((setting) => !STRUCTURE.includes(setting));

/** The same of the function that audits, which alone reads them. */
const ASKED_FOR_AUDITS: readonly Setting<unknown>[] = Object.values<Setting<unknown>>(AUDIT_SETTINGS).filter(
  (setting) => !STRUCTURE.includes(setting),
);

/** A stack with a monitor; `parts` chooses its structure, and asks for addresses by parameters of the stack. */
class MonitorTemplate extends Stack {
  constructor(description: string, parts: (stack: MonitorTemplate) => RotationMonitorProps) {
    super(new App(), 'rotation-monitor', {
      description,
      analyticsReporting: false,
      // @ts-expect-error [ts2375] -- the CDK's own class is declared without exactOptionalPropertyTypes
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    const monitor = new RotationMonitor(this, 'Monitor', { ...parts(this), handlerFolder: stubHandlers() });
    describeForOperators(this, monitor);
    const audits = monitor.functions.get('audit');
    this.#askFor(ASKED, [...monitor.functions.values()]);
    if (audits !== undefined) this.#askFor(ASKED_FOR_AUDITS, [audits]);
    for (const { function: each } of monitor.functions.values()) {
      const resource = each.node.defaultChild;
      if (CfnFunction.isCfnFunction(resource)) resource.addPropertyOverride('Code', BUNDLES);
    }
  }

  /** Asks for the texts of settings, and gives them to functions. */
  #askFor(settings: readonly Setting<unknown>[], functions: readonly MonitoredFunction[]): void {
    for (const setting of settings) {
      const text = this.ask(pascalCase(setting.key), settingParameter(setting)).valueAsString;
      for (const { function: each } of functions) each.addEnvironment(variableOf(setting), text);
    }
  }

  /** Somebody who gets mail at an address that is asked for. */
  reader(name: string, who: string): EmailSubscription {
    const description = `E-mail address of whoever ${who}`;
    const allowedPattern = '[^@\\s]+@[^@\\s]+';
    return new EmailSubscription(this.ask(name, { description, allowedPattern }).valueAsString);
  }

  ask(name: string, props: CfnParameterProps): CfnParameter {
    return new CfnParameter(this, name, props);
  }
}

/** All settings together have to fit into the 4 KB of an environment. */
const LONGEST_LIST = 120;
const LONGEST_WORD = 8;
const LONGEST_HOURS = 64;

const settingParameter = (setting: Setting<unknown>): CfnParameterProps => ({
  description: `${setting.meaning} Expected: ${setting.kind.expected}, such as "${setting.example}"${setting.default ? '' : '; nothing by default'}.`,
  default: setting.default ?? '',
  maxLength: longest(setting),
});

function longest({ kind: each }: Setting<unknown>): number {
  if (each === kind.businessHours) return LONGEST_HOURS;
  return each === kind.list || each === kind.url ? LONGEST_LIST : LONGEST_WORD;
}

const pascalCase = (key: string): string =>
  key.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());

const applications = (stack: MonitorTemplate): Pick<RotationMonitorProps, 'applicationBus'> => {
  const { meaning, example } = RESOURCE_SETTINGS.applicationBusName;
  const props = { description: meaning, default: example, allowedPattern: '[\\w./-]{1,256}', maxLength: 64 };
  const name = stack.ask('ApplicationBusName', props).valueAsString;
  return { applicationBus: EventBus.fromEventBusName(stack, 'ApplicationBus', name) };
};

/** Returns the properties for every subscriber by mail. */
const readers = (stack: MonitorTemplate): RotationMonitorProps => ({
  subscriptions: [stack.reader('AlertEmail', 'gets the alerts')],
  healthSubscriptions: [stack.reader('HealthEmail', 'gets the notices about the monitor itself')],
  escalationSubscriptions: [stack.reader('EscalationEmail', 'gets alerts that nobody acknowledges')],
});

/** The drill that comes with the program sweeps as seldom. */
const DRILL_INTERVAL: Duration = Duration.minutes(30);

const home = (): Stack =>
  new MonitorTemplate('Reports when a secret of this account and region did not rotate', (stack) => ({
    subscriptions: [stack.reader('AlertEmail', 'gets the alerts and the notices about the monitor itself')],
  }));

const homeFull = (): Stack =>
  new MonitorTemplate(
    'Reports when a secret of this account and region did not rotate, with every part that can be left out',
    (stack) => ({
      ...readers(stack),
      ...applications(stack),
      slackWebhookParameterName: stack.ask('SlackWebhookParameterName', {
        description: 'Name of the SSM parameter, a SecureString, that holds the address of a Slack webhook',
        default: '/rotation-monitor/slack-webhook',
        allowedPattern: '/[\\w./-]+',
        maxLength: 64,
      }).valueAsString,
      amazonQ: true,
      canary: true,
      localAgents: true,
      heartbeatUrlParameterName: stack.ask('HeartbeatUrlParameterName', {
        description:
          'Name of the SSM parameter, a SecureString, that holds a URL to GET after every complete sweep, at a watcher outside AWS; nothing by default',
        default: '',
        allowedPattern: '(/[\\w./-]+)?',
        maxLength: 64,
      }).valueAsString,
    }),
  );

/** Returns the template that a drill plays; `others` are properties in the place of the defaults. */
export const drillTemplate = (others: RotationMonitorProps = {}): Stack =>
  new MonitorTemplate('What a drill plays', (stack) => ({
    ...readers(stack),
    ...applications(stack),
    sweepInterval: DRILL_INTERVAL,
    // A drill is about alerts; a report on its secrets would only lengthen what it prints.
    audits: false,
    ...others,
  }));

const member = (): Stack =>
  new RotationMonitorMemberStack(new App(), 'rotation-monitor-member', {
    parameters: {
      monitorRoleNames: 'rotation-monitor-*',
      roleName: RESOURCE_SETTINGS.memberRoleName.default,
    },
  });

/** The CloudFormation templates that are committed and packed, by name: all of the one construct. */
const TEMPLATES: Readonly<Record<string, () => Stack>> = {
  home,
  'home-full': homeFull,
  member,
  drill: () => drillTemplate(),
};

/** The same as files, by path from the root. */
export const TEMPLATE_FILES: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(TEMPLATES).map(([name, stack]) => [
    `infra/templates/${name}.json`,
    () => `${JSON.stringify(templateOf(stack()), null, 1)}\n`,
  ]),
);
