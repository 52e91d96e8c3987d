import * as z from 'zod';
import type { Instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { readInput } from '../../call/input.ts';
import type { Home, Operation } from '../../call/service.ts';
import { refuseParameter } from '../metrics/limits.ts';
import { bodyFaults } from './check-body.ts';

/** A dashboard as it was put. */
interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly modifiedAt: Instant;
}

/** The dashboards of the account, by name. */
export type Dashboards = Map<string, Dashboard>;

const putting = z.object({
  DashboardName: z.string().regex(/^[\w-]{1,255}$/, 'Names have letters, digits, hyphens and underscores'),
  DashboardBody: z.string(),
});
const naming = z.object({ DashboardName: z.string() });
const listing = z.object({ DashboardNamePrefix: z.string().default('') });
const deleting = z.object({ DashboardNames: z.array(z.string()).min(1) });

/** The operations on dashboards. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
export function dashboardOperations(dashboards: Dashboards): Record<string, Operation> {
  return {
    PutDashboard: (input, { now }) => {
      const { DashboardName: name, DashboardBody: body } = readInput(putting, input, refuseParameter);
      const faults = bodyFaults(body);
      if (faults.length > 0) {
        const said = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
        throw new AwsError('DashboardInvalidInputError', `The dashboard body is invalid: ${said}`);
      }
      dashboards.set(name, { name, body, modifiedAt: now });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: (input, call) => {
      const { name, body } = found(dashboards, readInput(naming, input, refuseParameter).DashboardName);
      return { DashboardArn: arnOf(name, call), DashboardBody: body, DashboardName: name };
    },
    ListDashboards: (input, call) => {
      const { DashboardNamePrefix } = readInput(listing, input, refuseParameter);
      const listed = [...dashboards.values()].filter(({ name }) => name.startsWith(DashboardNamePrefix));
      return { DashboardEntries: listed.map((dashboard) => entry(dashboard, call)) };
    },
    DeleteDashboards: (input) => {
      const { DashboardNames } = readInput(deleting, input, refuseParameter);
      for (const name of DashboardNames) found(dashboards, name);
      for (const name of DashboardNames) dashboards.delete(name);
    },
  };
}

function found(dashboards: Dashboards, name: string): Dashboard {
  const dashboard = dashboards.get(name);
  if (dashboard !== undefined) return dashboard;
  throw new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, 404);
}

const entry = ({ name, body, modifiedAt }: Dashboard, home: Home): object => ({
  DashboardArn: arnOf(name, home),
  DashboardName: name,
  LastModified: new Date(modifiedAt),
  Size: Buffer.byteLength(body),
});

/** Dashboards belong to no region. */
const arnOf = (name: string, { account }: Home): string => `arn:aws:cloudwatch::${account}:dashboard/${name}`;
