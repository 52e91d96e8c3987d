import { AwsError } from './call/aws-error.ts';
import type { Random } from './call/random.ts';
import type { Home } from './call/service.ts';
import type { ForwardedEvent } from './eventbridge/forwarding.ts';
import { Roles } from './iam/roles.ts';
import type { Organization } from './organizations/organization.ts';
import type { Destination, Sender } from './protocols/route.ts';
import type { Exchange } from './protocols/wire.ts';
import { Sessions } from './sts/sessions.ts';
import type { SimulatorClock } from './time/clock.ts';

/** One account in one region. */
export interface Place {
  readonly home: Home;
  readonly exchange: Exchange;
  /** Takes an event from another place onto a bus; false when the bus is not there or does not let it in. */
  readonly receive: (event: ForwardedEvent) => boolean;
}

/** Services that are the same from every region, and sign for one of them. */
const GLOBAL: readonly string[] = ['organizations'];

/** The state that accounts and regions share: identities, and the ways from one account to the other. */
export class World {
  readonly roles: Roles = new Roles();
  readonly sessions: Sessions;
  /** Undefined for an account that is alone. */
  readonly organization: Organization | undefined;
  readonly #clock: SimulatorClock;
  readonly #places: Place[] = [];

  constructor(clock: SimulatorClock, random: Random, organization: Organization | undefined) {
    this.#clock = clock;
    this.sessions = new Sessions(random);
    this.organization = organization;
  }

  join(place: Place): void {
    this.#places.push(place);
  }

  /**
   * Returns the destination of a request from `here`: the account of its credentials, in the region it is signed for.
   */
  route(here: Home, { role, scope }: Sender): Destination {
    const session = this.sessions.of(scope?.accessKeyId, this.#clock.now());
    const account = session?.account ?? here.account;
    const inAccount = this.#places.filter(({ home }) => home.account === account);
    const anyRegion = this.organization === undefined || GLOBAL.includes(scope?.service ?? '');
    const region = anyRegion ? inAccount[0]?.home.region : (scope?.region ?? here.region);
    const place = inAccount.find(({ home }) => home.region === region);
    if (place === undefined) throw notThere();
    return { exchange: place.exchange, role: session?.role ?? role };
  }

  /** Hands an event to a bus wherever it is; false when it does not get there. */
  readonly forward = (event: Omit<ForwardedEvent, 'organization'>): boolean => {
    const [, , , region, account] = event.busArn.split(':');
    const place = this.#places.find(({ home }) => home.account === account && home.region === region);
    return place?.receive({ ...event, organization: this.#placeInOrganization(event.from.account) }) ?? false;
  };

  readonly organizationOf = (account: string): string | undefined =>
    this.organization?.has(account) === true ? this.organization.id : undefined;

  #placeInOrganization(account: string): ForwardedEvent['organization'] {
    const { organization } = this;
    if (organization?.has(account) !== true) return undefined;
    return { id: organization.id, path: organization.pathOf(account) };
  }

  /** Whether the account can be used; one that is in no organization can. */
  readonly isActive = (account: string): boolean => this.organization?.isActive(account) ?? true;
}

/**
 * Returns the error of a region that the account has not switched on.
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const notThere = (): AwsError =>
  new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
