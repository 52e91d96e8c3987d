import * as z from 'zod';
import { DAY, later } from '../../calendar/instant.ts';
import { readInput } from '../call/input.ts';
import type { Random } from '../call/random.ts';
import type { Input } from '../call/service.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { invalidParameter, refuseInput } from './errors.ts';
import type { HttpDelivery } from './http-delivery.ts';
import type { Subscription } from './topic.ts';
import type { Topics } from './topics.ts';

/** What confirming works with. */
export interface ConfirmationParts {
  readonly topics: Topics;
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly http: HttpDelivery;
}

/** Tokens are good for two days. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const TOKEN_MS = 2 * DAY;

const confirming = z.object({ TopicArn: z.string(), Token: z.string() });

/** Sends a subscriber a new token, by which alone the subscription can be confirmed. */
export function askToConfirm({ clock, random, http }: ConfirmationParts, subscription: Subscription): void {
  const token = random.letters(64);
  subscription.confirmation = { token, expiresAt: later(clock.now(), TOKEN_MS) };
  http.askToConfirm(subscription, token);
}

/** ConfirmSubscription, by an SDK client or by a visit to the SubscribeURL. */
export function confirmSubscription({ topics, clock }: ConfirmationParts, input: Input): object {
  const { TopicArn, Token } = readInput(confirming, input, refuseInput);
  const found = [...topics.find(TopicArn).subscriptions.values()].find(
    ({ confirmation }) =>
      confirmation !== undefined && confirmation.token === Token && confirmation.expiresAt > clock.now(),
  );
  if (found === undefined) throw invalidParameter('Token');
  found.pending = false;
  return { SubscriptionArn: found.arn };
}
