import { Command, Option } from 'commander';
import type { ComposedDoctor } from '../../monitor/compose/operator/compose-doctor.ts';
import { RESOURCE_SETTINGS } from '../../monitor/config/resource-settings.ts';
import type { Diagnosis } from '../../monitor/domain/doctor/diagnosis.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import { type DoctorReport, doctorJson, doctorText } from '../doctor/doctor-text.ts';
import { CliError } from '../terminal/cli-error.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface DoctorOptions extends ConnectionOptions, PresentationOptions {
  readonly deployment: string;
  readonly member?: true;
  readonly memberRole: string;
  readonly now?: ReturnType<typeof instantOption>;
  readonly verbose?: true;
}

const MORE_HELP = `
It looks at the trail, the rules, the queues, the topics, the functions and the policies of a deployment, and changes
nothing. What may not be read is "unknown", never "ok". docs/doctor.md says what each check looks at. With --member it
looks, with credentials of a member, at what sends the member's events and lets the monitor look there.

Examples:
  rotation-monitor doctor --region eu-west-1 --profile audit
  rotation-monitor doctor --deployment rotation-monitor --verbose
  rotation-monitor doctor --member --region eu-west-1 --profile payments-audit
  rotation-monitor doctor --json | jq '.diagnoses[] | select(.health != "ok")'

Exit codes:
  0  nothing fails; there may be warnings and unknowns
  1  something fails
  2  the deployment was not found, or nobody answered`;

/** `rotation-monitor doctor`: what is wrong with a deployment of the monitor itself. */
export const doctorCommand = (terminal: Terminal): Command =>
  withPresentation(withConnection(new Command('doctor')))
    .description('Look for what is wrong with the monitor itself; nothing is changed.')
    .option('--deployment <name>', 'the name of the stack that was deployed', 'rotation-monitor')
    .addOption(
      new Option('--member', 'look at a member: another account or region that a monitor watches').conflicts(
        'deployment',
      ),
    )
    .option(
      '--member-role <name>',
      'the role that the monitor looks with in members',
      RESOURCE_SETTINGS.memberRoleName.default,
    )
    .option('--now <instant>', 'judge ages as if it were this time', instantOption)
    .option('--verbose', 'show what is well, too')
    .addHelpText('after', MORE_HELP)
    .action((options: DoctorOptions) => doctor(options, terminal));

const LOOKING = {
  what: 'Cannot look at the deployment',
  needs: ['lambda:ListFunctions', 'lambda:GetFunctionConfiguration'],
  command: 'rotation-monitor doctor',
};

const doctor = (options: DoctorOptions, terminal: Terminal): Promise<void> =>
  calling({ options, terminal, ...LOOKING }, async ({ connected, place }) => {
    const [{ composeDoctor, composeMemberDoctor }, { diagnose }, { CHECKS }, { MEMBER_CHECKS }] =
      await Promise.all([
        import('../../monitor/compose/operator/compose-doctor.ts'),
        import('../../monitor/application/doctor/diagnose.ts'),
        import('../../monitor/application/doctor/checks.ts'),
        import('../../monitor/application/doctor/member-checks.ts'),
      ]);
    const { now, deployment: name } = options;
    const { clock } = clocksOf(terminal, now);
    const hearing = hearCredentials();
    if (options.member === true) {
      const examined = await composeMemberDoctor(connected, options.memberRole, clock);
      const { account, region, busArn = '' } = examined.member;
      const bus = busArn.split('/').at(-1) || 'unknown';
      const report = { name: bus, isMember: true, account, region };
      const heard = hearing.ports(examined, 'probe', 'catalog', 'inspector');
      const diagnoses = await all(diagnose(MEMBER_CHECKS, heard));
      hearing.check();
      return tell(report, diagnoses, { options, terminal });
    }
    const composed = await composeDoctor(connected, name, clock);
    if (composed.kind !== 'ready') throw notOne(composed, name, place.region);
    const heard = hearing.ports(composed.doctor, 'probe', 'catalog', 'inspector');
    const diagnoses = await all(diagnose(CHECKS, heard));
    hearing.check();
    return tell(heard.deployed, diagnoses, { options, terminal });
  });

async function all(found: AsyncIterable<readonly Diagnosis[]>): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for await (const each of found) diagnoses.push(...each);
  return diagnoses;
}

function tell(
  { name, isMember = false, account, region }: Omit<DoctorReport, 'diagnoses'>,
  diagnoses: readonly Diagnosis[],
  { options, terminal }: { readonly options: DoctorOptions; readonly terminal: Terminal },
): void {
  terminal.exitWith(diagnoses.some(({ health }) => health === 'fail') ? EXIT.found : EXIT.well);
  terminal.stdout.write(written({ name, isMember, account, region, diagnoses }, options, terminal));
}

function written(report: DoctorReport, options: DoctorOptions, terminal: Terminal): string {
  const { isJson, colors, columns } = presentation(options, terminal);
  return isJson
    ? `${doctorJson(report)}\n`
    : doctorText(report, { colors, columns, isVerbose: options.verbose === true });
}

function notOne(
  composed: Exclude<ComposedDoctor, { kind: 'ready' }>,
  name: string,
  region: string,
): CliError {
  const [first = name] = composed.kind === 'several' ? composed.names : [];
  return composed.kind === 'several'
    ? new CliError({
        what: `Cannot choose between monitors that begin with "${name}"`,
        details: composed.names,
        solve: ['Name one of them with --deployment.'],
        example: `rotation-monitor doctor --region ${region} --deployment ${first}`,
      })
    : new CliError({
        what: `Cannot find a monitor named "${name}"`,
        details: [`No function in ${region} has a name that begins with "${name}-" and ends with "-sweep".`],
        solve: ['Name the stack with --deployment, and the region with --region.'],
        example: `aws cloudformation describe-stacks --region ${region} --query 'Stacks[].StackName'`,
      });
}
