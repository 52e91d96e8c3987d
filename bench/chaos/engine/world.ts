import { type Instant, later } from '../../../src/calendar/instant.ts';
import type { ScenarioSecret } from '../../../src/proving/scenario/scenario.ts';
import { AwsError } from '../../../src/simulator/call/aws-error.ts';
import type { Input } from '../../../src/simulator/call/service.ts';
import type { RotationFunction } from '../../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import type { StageChange } from '../../../src/simulator/secrets-manager/store/secret-history.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { VirtualClock } from '../../../src/simulator/time/clock.ts';
import type { Chance } from './chance.ts';
import type { Inbox } from './inbox.ts';
import type { Journal } from './journal.ts';

/** A secret of a run and what the stories do to it. */
export interface ChaosSecret {
  readonly arn: string;
  readonly name: string;
  readonly secret: ScenarioSecret;
  /** Causes of trouble that are still there. */
  causes: number;
  /**
   * Times at which somebody changed the value, a label or the target by hand, so that no evidence shows which value
   * logs in.
   */
  readonly meddledAt: Instant[];
}

/** The simulated world in which stories act. */
export interface World {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly secrets: readonly ChaosSecret[];
  readonly journal: Journal;
  readonly inbox: Inbox;
  /** Between two incidents of one secret, on average. */
  readonly incidentEveryMs: number;
  /** Count of each incident and each repair. */
  readonly tally: Map<string, number>;
}

/** Something that goes on in simulated time: each pause it yields is in milliseconds. */
export type Story = AsyncGenerator<number, void, void>;

/** Lets a story go on until it ends; time stands still while it acts. */
export async function play(clock: VirtualClock, story: Story): Promise<void> {
  const { value, done } = await story.next();
  if (done !== true) clock.schedule(later(clock.now(), Math.max(0, value)), () => play(clock, story));
}

/** Calls Secrets Manager as somebody in charge; answers undefined when the service refuses. */
export async function ask(
  { simulator, chance }: Pick<World, 'simulator' | 'chance'>,
  { arn }: Pick<ChaosSecret, 'arn'>,
  operation: string,
  input: Input = {},
): Promise<unknown> {
  const token = ['RotateSecret', 'PutSecretValue'].includes(operation) && {
    ClientRequestToken: operation === 'RotateSecret' ? rotationToken(chance) : chance.uuid(),
  };
  try {
    return await simulator.call(
      'secretsmanager',
      operation,
      { ...token, ...input, SecretId: arn },
      'operator',
    );
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** Share of the rotations which a deployment starts, with a token of its own making. */
const DEPLOYED = 1 / 3;

/** A UUID, or what Terraform makes: https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/id/id.go */
const rotationToken = (chance: Chance): string =>
  chance.happens(DEPLOYED)
    ? `terraform-${Array.from({ length: 26 }, () => chance.below(10)).join('')}`
    : chance.uuid();

/** Returns the true state of a secret now. */
export const truthNow = ({ simulator }: World, { arn }: ChaosSecret): StageChange | undefined =>
  simulator.secretsManager.history(arn).at(-1);

/** The id of the version with a label. */
export const versionWith = (
  change: Pick<StageChange, 'stages'> | undefined,
  label: string,
): string | undefined =>
  Object.entries(change?.stages ?? {}).find(([, labels]) => labels.includes(label))?.[0];

/** The function as it was registered first. */
const healthyBehaviour = ({ tags }: ScenarioSecret): RotationFunction['behaviour'] =>
  tags?.['rotation-monitor:strategy'] === undefined ? 'healthy' : 'alternating-users';

/** Gives the rotation function of a secret other code, as somebody does who deploys it. */
export function setFunction(
  { simulator }: World,
  { secret }: ChaosSecret,
  code: Partial<Omit<RotationFunction, 'name' | 'arn'>>,
): void {
  if (secret.function === undefined) return;
  const usual = healthyBehaviour(secret);
  const alternatesUsers = usual === 'alternating-users';
  simulator.secretsManager.functions.register({
    name: secret.function,
    behaviour: usual,
    ...(alternatesUsers && { alternatesUsers }),
    ...code,
  });
}

/** Counts one of something. */
export const count = ({ tally }: Pick<World, 'tally'>, what: string): void =>
  void tally.set(what, (tally.get(what) ?? 0) + 1);
