import type { FunctionAddress } from '../terminal/options.ts';
import type { RunningSimulator } from './start-simulator.ts';

/** Most names of secrets or functions that are listed. */
const MAX_NAMES = 20;

/** Prints the instructions for a simulator that runs: its address, the environment to paste, and things to try. */
export function simulateText(running: Omit<RunningSimulator, 'stop'>): string {
  const { endpoint, home, functions, remote, secrets } = running;
  return [
    `A simulated AWS listens on ${endpoint} (account ${home.account}, ${home.region}, real time). Ctrl-C ends it.`,
    '',
    'Paste this where you want to use it:',
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_REGION=${home.region}`,
    `export AWS_DEFAULT_REGION=${home.region}`,
    'export AWS_ACCESS_KEY_ID=operator',
    'export AWS_SECRET_ACCESS_KEY=simulated',
    `The AWS CLI 1 ignores the endpoint for SQS in most regions: aws --endpoint-url ${endpoint} sqs …`,
    '',
    ...remote.flatMap(remoteLines(endpoint)),
    ...listed('Rotation functions', functions),
    ...listed('Secrets', secrets),
    '',
    'Then try:',
    ...attempts(running),
    '',
  ].join('\n');
}

/** Returns the environment of a function that runs elsewhere: the address of AWS, and the name by which it calls. */
const remoteLines =
  (endpoint: string) =>
  ({ name, url }: FunctionAddress): readonly string[] => [
    `${name} runs at ${url}. Give it:`,
    `AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=${name} AWS_SECRET_ACCESS_KEY=simulated`,
    `The official templates read SECRETS_MANAGER_ENDPOINT=${endpoint}`,
    '',
  ];

function listed(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`${what}: ${names.slice(0, MAX_NAMES).join(', ')}${rest}`];
}

function attempts({ home, functions, secrets }: Omit<RunningSimulator, 'stop'>): readonly string[] {
  const [secret] = secrets;
  const breaking = functions.find((name) => name === 'fail-at-set-secret');
  const own = `aws secretsmanager create-secret --name demo --secret-string '{"username":"app","password":"first"}'`;
  const lambda = `arn:aws:lambda:${home.region}:${home.account}:function:${breaking}`;
  return [
    ...(secret === undefined ? [own] : []),
    ...(breaking === undefined
      ? []
      : [
          `aws secretsmanager rotate-secret --secret-id demo --rotation-rules AutomaticallyAfterDays=30 --rotation-lambda-arn ${lambda}`,
        ]),
    `aws secretsmanager describe-secret --secret-id ${secret ?? 'demo'}`,
    'aws secretsmanager list-secrets',
    'rotation-monitor sweep',
    `rotation-monitor sweep --now "$(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ)"   # what it will say in two hours`,
  ];
}
