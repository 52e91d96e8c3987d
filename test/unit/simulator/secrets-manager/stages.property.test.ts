import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE } from '../../../../src/calendar/instant.ts';
import { describeIt, NAME, type Opened, openRotated, versionId } from './support.ts';

const LABELS = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'BLUE', 'GREEN'];
const id = fc.integer({ min: 1, max: 5 }).map(versionId);
const label = fc.constantFrom(...LABELS);

type Action = (opened: Opened) => Promise<unknown>;
const send =
  (work: (client: SecretsManagerClient) => Promise<unknown>): Action =>
  ({ client }) =>
    work(client);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc
    .tuple(id, fc.subarray(LABELS, { minLength: 1 }))
    .map(([ClientRequestToken, VersionStages]) =>
      send((client) =>
        client.send(
          new PutSecretValueCommand({ SecretId: NAME, ClientRequestToken, VersionStages, SecretString: 'x' }),
        ),
      ),
    ),
  fc
    .tuple(label, fc.option(id, { nil: undefined }), fc.option(id, { nil: undefined }))
    .map(([VersionStage, MoveToVersionId, RemoveFromVersionId]) =>
      send((client) =>
        client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: NAME,
            VersionStage,
            MoveToVersionId,
            RemoveFromVersionId,
          }),
        ),
      ),
    ),
  fc
    .tuple(id, fc.boolean())
    .map(([ClientRequestToken, RotateImmediately]) =>
      send((client) =>
        client.send(new RotateSecretCommand({ SecretId: NAME, ClientRequestToken, RotateImmediately })),
      ),
    ),
  fc.constant(send((client) => client.send(new CancelRotateSecretCommand({ SecretId: NAME })))),
  fc.integer({ min: 1, max: 40 }).map(
    (minutes): Action =>
      ({ clock }) =>
        clock.advance(minutes * MINUTE),
  ),
);

const behaviour = fc.constantFrom('healthy' as const, 'error' as const, 'flaky' as const, 'slow' as const);
const runs = fc.tuple(behaviour, fc.array(action, { maxLength: 25 }));

/** Does one thing after the other, refused or not, and looks after each. */
async function afterEach(
  [kind, actions]: readonly [typeof behaviour extends fc.Arbitrary<infer T> ? T : never, readonly Action[]],
  look: (opened: Opened, stages: Record<string, string[]>) => void | Promise<void>,
): Promise<void> {
  const opened = await openRotated({ behaviour: kind });
  for (const act of actions) {
    await act(opened).catch(() => undefined);
    await look(opened, (await describeIt(opened.client)).VersionIdsToStages ?? {});
  }
}

test('whatever is done, labels are on one version each, the history ends with them, and AWSPENDING decides', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (run) => {
      const last: { opened?: Opened; isOpen?: boolean } = {};
      await afterEach(run, (opened, stages) => {
        const labels = Object.values(stages).flat();
        expect(labels, 'a label is on at most one version').toHaveLength(new Set(labels).size);
        const current = Object.values(stages).filter((each) => each.includes('AWSCURRENT'));
        expect(current, 'AWSCURRENT is on exactly one version').toHaveLength(1);
        expect(opened.service.history(NAME).at(-1)?.stages).toEqual(stages);
        const pending = Object.values(stages).find((each) => each.includes('AWSPENDING'));
        last.opened = opened;
        last.isOpen = pending !== undefined && !pending.includes('AWSCURRENT');
      });
      const { opened, isOpen } = last;
      if (opened === undefined) return;
      const refused = await opened.client
        .send(new RotateSecretCommand({ SecretId: NAME, ClientRequestToken: versionId(9) }))
        .then(
          () => false,
          () => true,
        );
      expect(refused, 'RotateSecret is refused while AWSPENDING is on another version').toBe(isOpen);
    }),
  );
});

test('AWSPREVIOUS is never on the AWSCURRENT version unless somebody put it there', async () => {
  const hands = fc.tuple(
    behaviour,
    fc.array(
      fc
        .tuple(id, fc.subarray(['AWSCURRENT', 'AWSPENDING', 'BLUE'], { minLength: 1 }))
        .map(([ClientRequestToken, VersionStages]) =>
          send((client) =>
            client.send(
              new PutSecretValueCommand({
                SecretId: NAME,
                ClientRequestToken,
                VersionStages,
                SecretString: 'x',
              }),
            ),
          ),
        ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(hands, (run) =>
      afterEach(run, (_, stages) => {
        const both = Object.values(stages).filter(
          (s) => s.includes('AWSCURRENT') && s.includes('AWSPREVIOUS'),
        );
        expect(both).toEqual([]);
      }),
    ),
  );
});
