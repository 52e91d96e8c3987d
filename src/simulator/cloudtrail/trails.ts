import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Home, Operation } from '../call/service.ts';

/** A trail of the account, as it is set up and as it does. */
interface Trail {
  readonly name: string;
  /** Whether it records the events of every region; else those of its home region alone. */
  readonly isMultiRegion: boolean;
  readonly homeRegion: string;
  readonly isLogging: boolean;
  /** Error that kept it from delivering last, such as `AccessDenied`; undefined while it delivers. */
  readonly deliveryError: string | undefined;
  /** Management events that it records; undefined for none. */
  readonly managementEvents: 'All' | 'ReadOnly' | 'WriteOnly' | undefined;
}

/** The trails of an account and region. */
export interface Trails {
  readonly operations: Readonly<Record<string, Operation>>;
  set(trails: readonly Trail[]): void;
  /** Names of the event data stores of CloudTrail Lake, which are no trails. */
  setDataStores(names: readonly string[]): void;
}

const naming = z.object({ TrailName: z.string().min(1).optional(), Name: z.string().min(1).optional() });
const describing = z.object({ trailNameList: z.array(z.string()).default([]) });

/** An account with one trail that records all management events of all regions. */
export function createTrails(home: Home): Trails {
  let trails: readonly Trail[] = [wholeTrail(home)];
  let dataStores: readonly string[] = [];
  const arnOf = ({ name, homeRegion }: Trail): string =>
    `arn:aws:cloudtrail:${homeRegion}:${home.account}:trail/${name}`;
  const found = (input: Parameters<Operation>[0]): Trail => {
    const { TrailName, Name = TrailName } = readInput(naming, input);
    const trail = trails.find((each) => each.name === Name || arnOf(each) === Name);
    if (trail === undefined) throw new AwsError('TrailNotFoundException', `Unknown trail: ${Name}`);
    return trail;
  };
  return {
    operations: {
      DescribeTrails: (input) => {
        const { trailNameList } = readInput(describing, input);
        const named = trails.filter((each) =>
          trailNameList.length === 0 ? isSeenFrom(home, each) : trailNameList.includes(each.name),
        );
        return { trailList: named.map((each) => ({ ...shown(each), TrailARN: arnOf(each) })) };
      },
      GetTrailStatus: (input) => {
        const { isLogging, deliveryError } = found(input);
        return {
          IsLogging: isLogging,
          ...(deliveryError === undefined ? {} : { LatestDeliveryError: deliveryError }),
        };
      },
      GetEventSelectors: (input) => selectorsOf(found(input), arnOf(found(input))),
      ListEventDataStores: () => ({
        EventDataStores: dataStores.map((Name) => ({
          Name,
          EventDataStoreArn: `arn:aws:cloudtrail:${home.region}:${home.account}:eventdatastore/${Name}`,
        })),
      }),
    },
    set: (given) => {
      trails = given;
    },
    setDataStores: (names) => {
      dataStores = names;
    },
  };
}

/** Shadow trails are described in every region. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html */
const isSeenFrom = ({ region }: Home, { isMultiRegion, homeRegion }: Trail): boolean =>
  isMultiRegion || homeRegion === region;

const wholeTrail = ({ region }: Home): Trail => ({
  name: 'management-events',
  isMultiRegion: true,
  homeRegion: region,
  isLogging: true,
  deliveryError: undefined,
  managementEvents: 'All',
});

const shown = ({ name, isMultiRegion, homeRegion }: Trail): object => ({
  Name: name,
  S3BucketName: `trail-${name}`,
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: isMultiRegion,
  HomeRegion: homeRegion,
  LogFileValidationEnabled: true,
  HasCustomEventSelectors: false,
  HasInsightSelectors: false,
  IsOrganizationTrail: false,
});

const selectorsOf = ({ managementEvents }: Trail, TrailARN: string): object => ({
  TrailARN,
  EventSelectors: [
    {
      ReadWriteType: managementEvents ?? 'All',
      IncludeManagementEvents: managementEvents !== undefined,
      DataResources: [],
      ExcludeManagementEventSources: [],
    },
  ],
});
