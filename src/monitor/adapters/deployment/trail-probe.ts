import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  type Trail as TrailDescription,
} from '@aws-sdk/client-cloudtrail';
import type { Trail } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probing } from './probing.ts';

/** Looks at the trails of a region. */
export const trailProbe = (
  client: CloudTrailClient,
  region: string,
): Pick<DeploymentProbe, 'trails' | 'eventDataStores'> => ({
  trails: () =>
    probing('look at the trails', async () => {
      const { trailList = [] } = await client.send(new DescribeTrailsCommand({}));
      return Promise.all(trailList.map((each) => trailOf(client, region, each)));
    }),
  eventDataStores: () =>
    probing('list the event data stores', async () => {
      const { EventDataStores = [] } = await client.send(new ListEventDataStoresCommand({}));
      return EventDataStores.flatMap(({ Name }) => Name ?? []);
    }),
});

async function trailOf(
  client: CloudTrailClient,
  region: string,
  { Name: name = '', TrailARN = name, HomeRegion, IsMultiRegionTrail }: TrailDescription,
): Promise<Trail> {
  const { IsLogging, LatestDeliveryError } = await client.send(new GetTrailStatusCommand({ Name: TrailARN }));
  const selectors = await client.send(new GetEventSelectorsCommand({ TrailName: TrailARN }));
  const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
  return {
    name,
    coversRegion: IsMultiRegionTrail === true || HomeRegion === region,
    isLogging: IsLogging === true,
    deliveryError: LatestDeliveryError || undefined,
    managementEvents:
      AdvancedEventSelectors.length > 0 ? advanced(AdvancedEventSelectors) : basic(EventSelectors),
  };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html */
function basic(selectors: readonly EventSelector[]): Trail['managementEvents'] {
  const types = selectors
    .filter(({ IncludeManagementEvents }) => IncludeManagementEvents === true)
    .map(({ ReadWriteType }) => ReadWriteType);
  if (types.length === 0) return 'none';
  if (types.includes('All') || (types.includes('ReadOnly') && types.includes('WriteOnly'))) return 'all';
  return types.includes('WriteOnly') ? 'write-only' : 'read-only';
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
function advanced(
  selectors: readonly { readonly FieldSelectors?: readonly FieldSelector[] | undefined }[],
): Trail['managementEvents'] {
  const management = selectors
    .map(({ FieldSelectors = [] }) => FieldSelectors)
    .filter((fields) =>
      fields.some(({ Field, Equals = [] }) => Field === 'eventCategory' && Equals.includes('Management')),
    );
  const kinds = management.map(kindOf);
  if (kinds.length === 0) return 'none';
  return (
    (['all', 'write-only', 'unknown', 'read-only'] as const).find((kind) => kinds.includes(kind)) ?? 'unknown'
  );
}

interface FieldSelector {
  readonly Field: string | undefined;
  readonly Equals?: readonly string[] | undefined;
}

/**
 * Returns the management events a selector records. One with further conditions, such as on the source of events, is
 * not understood here.
 */
function kindOf(fields: readonly FieldSelector[]): Trail['managementEvents'] {
  const others = fields.filter(({ Field }) => Field !== 'eventCategory');
  if (others.length === 0) return 'all';
  const [only, ...more] = others;
  if (more.length > 0 || only?.Field !== 'readOnly') return 'unknown';
  return only.Equals?.includes('true') ? 'read-only' : 'write-only';
}
