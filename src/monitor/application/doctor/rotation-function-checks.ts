import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { invokeDiagnosis, logGroupDiagnosis, runtimeDiagnosis } from '../../domain/doctor/functions.ts';
import { mayInvoke } from '../../domain/examine/invoke-grant.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import type { Check, Doctor } from './check.ts';

/** Permissions to look at rotation functions and their logs. */
export const NEEDED_FOR_LOGS: readonly string[] = [
  'secretsmanager:ListSecrets',
  'lambda:GetFunctionConfiguration',
  'lambda:GetPolicy',
  'logs:DescribeLogGroups',
];

/** Whether runtimes are supported, those of the monitor too, and whether rotation functions can be invoked and read. */
export const LOG_GROUPS_CHECK: Check<Doctor> = {
  name: 'log-groups',
  needs: NEEDED_FOR_LOGS,
  run: async (doctor) => [
    ...doctor.deployed.functions.map(({ name, runtime }) => runtimeDiagnosis(name, runtime, doctor.now)),
    ...(await rotationFunctions(doctor)),
  ],
};

/** Most rotation functions that are looked at. */
const MOST_FUNCTIONS = 200;

/** Whether the rotation functions may be invoked, their logs can be read, and their runtimes are supported. */
export async function rotationFunctions({
  probe,
  catalog,
  inspector,
  now,
}: Omit<Doctor, 'deployed'>): Promise<readonly Diagnosis[]> {
  const arns = new Map<string, Secret>();
  for await (const { secrets } of catalog.list()) {
    for (const secret of secrets) {
      const { rotationFunctionArn: arn } = secret;
      if (arn !== undefined && !arns.has(arn)) arns.set(arn, secret);
    }
    if (arns.size >= MOST_FUNCTIONS) break;
  }
  const diagnoses: Diagnosis[] = [];
  for (const [arn, secret] of arns) {
    const name = arn.split(':')[6] ?? arn;
    const configuration = await inspector.configuration(arn);
    // That a function is gone is what the alerts about its secrets say.
    if (configuration === undefined) continue;
    const group = configuration.logGroup ?? `/aws/lambda/${name}`;
    diagnoses.push(
      logGroupDiagnosis(name, configuration, await probe.logGroupExists(group)),
      runtimeDiagnosis(name, configuration.runtime, now),
      invokeDiagnosis(name, await invocability(inspector, arn, secret)),
    );
  }
  return diagnoses;
}

/** Whether Secrets Manager may invoke a function for one of its secrets; the error where its policy may not be read. */
async function invocability(
  inspector: Pick<FunctionInspector, 'grants'>,
  arn: string,
  secret: Secret,
): Promise<ReturnType<typeof mayInvoke> | FunctionInspectorError> {
  try {
    return mayInvoke(await inspector.grants(arn), secret);
  } catch (error) {
    if (error instanceof FunctionInspectorError && error.reason === 'denied') return error;
    throw error;
  }
}
