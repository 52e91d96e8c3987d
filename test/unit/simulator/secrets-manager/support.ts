import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutSecretValueCommand,
  type PutSecretValueResponse,
  RotateSecretCommand,
  type RotateSecretResponse,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Instant, parseInstant } from '../../../../src/calendar/instant.ts';
import { seededRandom } from '../../../../src/simulator/call/random.ts';
import type { BusEvent } from '../../../../src/simulator/call/service.ts';
import {
  type InProcessHandler,
  inProcessHandler,
} from '../../../../src/simulator/protocols/in-process-handler.ts';
import type { NewRotationFunction } from '../../../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import {
  createSecretsManager,
  type SecretsManager,
  type SecretsManagerOptions,
} from '../../../../src/simulator/secrets-manager/secrets-manager.ts';
import { createSimulator } from '../../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../../src/simulator/time/clock.ts';

export const HOME = { account: '111122223333', region: 'eu-west-1' };
export const NAME = 'prod/db/app';
export const VALUE: string = JSON.stringify({ username: 'app', password: 'first-password' });

/** A version id that can be recognized at a glance. */
export const versionId = (digit: number): string => `${`${digit}`.repeat(8)}-0000-4000-8000-000000000000`;
export const V1: string = versionId(1);
export const V2: string = versionId(2);
export const V3: string = versionId(3);
export const V4: string = versionId(4);

export interface Opened {
  readonly clock: VirtualClock;
  readonly service: SecretsManager;
  readonly events: BusEvent[];
  /** The client of an operator. */
  readonly client: SecretsManagerClient;
  clientOf(role: string): SecretsManagerClient;
}

/** Opens the service for a test. */
type Open = (options?: Partial<SecretsManagerOptions>) => Opened;

const START = '2026-11-02T10:00:00Z';
const clientWith = (requestHandler: InProcessHandler) =>
  new SecretsManagerClient({ region: HOME.region, requestHandler, maxAttempts: 1 });

/** The service inside the whole simulator; its events go to the simulated bus. */
const openSimulated: Open = () => {
  const clock = new VirtualClock(at(START));
  const simulator = createSimulator({ clock, seed: 7 });
  const clientOf = (role: string) => clientWith(simulator.requestHandler(role));
  return { clock, service: simulator.secretsManager, events: [], client: clientOf('operator'), clientOf };
};

/** The service by itself, with its events on a tap. */
const openTapped: Open = (options = {}) => {
  const clock = new VirtualClock(at(START));
  const random = seededRandom(7);
  const events: BusEvent[] = [];
  const emit = (event: BusEvent) => void events.push(event);
  const service = createSecretsManager({ clock, random, home: HOME, emit, ...options });
  const dispatch = async ({ role, operation, input }: { role: string; operation: string; input: object }) => {
    const principal = `arn:aws:sts::${HOME.account}:assumed-role/${role}/simulated`;
    const call = { ...HOME, role, principal, requestId: random.uuid(), now: clock.now() };
    return service.operations[operation]?.({ ...input }, call);
  };
  const exchange = { dispatch, requestId: random.uuid };
  const clientOf = (role: string) => clientWith(inProcessHandler(() => ({ exchange, role }), role));
  return { clock, service, events, client: clientOf('operator'), clientOf };
};

/** The instant that a text names. */
export function at(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new RangeError(`Not an instant: ${text}`);
  return parsed;
}

/** Ways to open a service with something in it. */
interface Openers {
  /** The service on a clock that stands at 2026-11-02T10:00:00Z, reached by unmodified SDK clients. */
  readonly openService: Open;
  /** Opens it with one secret that a function rotates every 30 days and that has not rotated yet. */
  readonly openRotated: (
    rotator?: Omit<NewRotationFunction, 'name'>,
    options?: Partial<SecretsManagerOptions>,
  ) => Promise<Opened & { arn: string }>;
  /** Opens it with one plain secret whose version is V1. */
  readonly openCreated: () => Promise<Opened & { arn: string }>;
}

const openersOf = (open: Open): Openers => ({
  openService: open,
  openRotated: async (rotator = { behaviour: 'healthy' }, options = {}) => {
    const opened = open(options);
    opened.service.functions.register({ name: 'rotator', ...rotator });
    const { arn } = opened.service.seed({
      name: NAME,
      kind: 'function',
      function: 'rotator',
      schedule: 30,
      versions: [{ id: V1, stages: ['AWSCURRENT'], value: VALUE }],
    });
    return { ...opened, arn };
  },
  openCreated: async () => {
    const opened = open();
    const created = await opened.client.send(
      new CreateSecretCommand({ Name: NAME, ClientRequestToken: V1, SecretString: 'one' }),
    );
    return { ...opened, arn: created.ARN ?? '' };
  },
});

/** Through the whole simulator. */
export const simulated: Openers = openersOf(openSimulated);

const tapped = openersOf(openTapped);

export const openService: Openers['openService'] = tapped.openService;
export const openRotated: Openers['openRotated'] = tapped.openRotated;
export const openCreated: Openers['openCreated'] = tapped.openCreated;

export const put = (
  client: SecretsManagerClient,
  id: string,
  value: string,
  stages?: string[],
): Promise<PutSecretValueResponse> =>
  client.send(
    new PutSecretValueCommand({
      SecretId: NAME,
      ClientRequestToken: id,
      SecretString: value,
      ...(stages && { VersionStages: stages }),
    }),
  );

export const rotate = (client: SecretsManagerClient, id: string = V2): Promise<RotateSecretResponse> =>
  client.send(new RotateSecretCommand({ SecretId: NAME, ClientRequestToken: id }));

export const describeIt = (
  client: SecretsManagerClient,
  id: string = NAME,
): Promise<DescribeSecretCommandOutput> => client.send(new DescribeSecretCommand({ SecretId: id }));

/** Labels by version id, sorted. */
export async function stagesOf(client: SecretsManagerClient): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await describeIt(client);
  return Object.fromEntries(
    Object.entries(VersionIdsToStages).map(([id, labels]) => [id, [...labels].sort()]),
  );
}

/** The names of the CloudTrail records and native events emitted so far. */
export const namesOf = (events: readonly BusEvent[]): string[] =>
  events.map((event) => String(event.detail['eventName'] ?? event['detail-type']));

/** The events with this CloudTrail name. */
export const eventsNamed = (events: readonly BusEvent[], name: string): BusEvent[] =>
  events.filter((event) => event.detail['eventName'] === name);
