import { DEPLOYED_HANDLERS } from '../../domain/doctor/deployed-handlers.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { concurrencyDiagnosis, functionDiagnoses, widgetDiagnosis } from '../../domain/doctor/functions.ts';
import { identityDiagnosis, neededActions } from '../../domain/doctor/permissions.ts';
import type { Check, Doctor } from './check.ts';

/** Handlers that are missing where they are not deployed. */
const ALWAYS_DEPLOYED = Object.keys(DEPLOYED_HANDLERS).filter((name) => DEPLOYED_HANDLERS[name] === 'always');

/** Whether the functions of the monitor are there and can run. */
export const FUNCTIONS_CHECK: Check<Doctor> = {
  name: 'functions',
  needs: ['lambda:GetFunctionConfiguration'],
  run: async ({ deployed }) => functionDiagnoses(deployed, ALWAYS_DEPLOYED),
};

/** Whether the functions of the monitor may do what they have to. */
export const IDENTITY_POLICIES_CHECK: Check<Doctor> = {
  name: 'identity-policies',
  needs: ['iam:SimulatePrincipalPolicy'],
  run: identityPolicies,
};

/** Whether the caller may see the widget of the open alerts. */
export const WIDGET_CHECK: Check<Doctor> = {
  name: 'widget',
  needs: ['lambda:InvokeFunction'],
  run: async ({ probe, deployed: { name } }) => [
    widgetDiagnosis(`${name}-open-alerts-widget`, await probe.mayInvoke(`${name}-open-alerts-widget`)),
  ],
};

/** Whether the account leaves the functions enough concurrency. */
export const CONCURRENCY_CHECK: Check<Doctor> = {
  name: 'concurrency',
  needs: ['lambda:GetAccountSettings'],
  run: async ({ probe }) => [concurrencyDiagnosis(await probe.concurrency())],
};

async function identityPolicies({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  const needed = neededActions(deployed);
  const diagnoses = await Promise.all(
    deployed.functions.map(async ({ name, roleArn }) => {
      const own = needed.filter(({ handler }) => name === `${deployed.name}-${handler}`);
      const simulated = roleArn === undefined ? [] : await probe.simulate(roleArn, own);
      return own.map((each) =>
        identityDiagnosis(
          name,
          each,
          simulated?.find(({ action, resource }) => action === each.action && resource === each.resource),
        ),
      );
    }),
  );
  return diagnoses.flat();
}
