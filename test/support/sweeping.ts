import { type Instant, instant } from '../../src/calendar/instant.ts';
import { sweepMessage } from '../../src/monitor/adapters/sqs/sweep-message.ts';
import type { Service } from '../../src/monitor/application/service.ts';
import { sweepOnRequest } from '../../src/monitor/application/sweep/sweep-on-request.ts';
import type { SweepReport } from '../../src/monitor/application/sweep/sweep-report.ts';
import type { SecretCatalog, SecretPage } from '../../src/monitor/ports/look/secret-catalog.ts';
import type { MemoryService } from './service.ts';

/** A service of which every page of the list is seen before it is answered; what `onPage` throws ends the list. */
export const withEachPage = <S extends MemoryService>(service: S, onPage: (page: SecretPage) => void): S => ({
  ...service,
  catalog: {
    ...service.catalog,
    async *list(options?: Parameters<SecretCatalog['list']>[0]) {
      for await (const page of service.catalog.list(options)) {
        onPage(page);
        yield page;
      }
    },
  },
});

/** A service of which every page of the list takes a while. */
export const withSlowPages = <S extends MemoryService>(service: S, pageMs: number): S =>
  withEachPage(service, () => service.clock.advance(pageMs));

/** Runs what waits in the sweep queue, each with as long as `budgetMs`, until nothing does; answers what came of each. */
export async function drainSweeps(
  service: Service,
  queue: MemoryService['sweepQueue'],
  budgetMs: number,
): Promise<readonly SweepReport['outcome'][]> {
  const outcomes: SweepReport['outcome'][] = [];
  for (let request = queue.requests.shift(); request !== undefined; request = queue.requests.shift()) {
    const handOverAt: Instant = instant(service.clock.now() + budgetMs);
    const id = `message-${outcomes.length}`;
    const report = await sweepOnRequest(service, sweepMessage(request), { id, handOverAt });
    if (report !== undefined) outcomes.push(report.outcome);
  }
  return outcomes;
}
