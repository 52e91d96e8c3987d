/** A fault that something is there to find. */
export interface Fault {
  /** One clause: the fault of the program with it. */
  readonly what: string;
  readonly file: string;
  /** Each text, which stands in the file once, and what takes its place. */
  readonly edits: readonly (readonly [string, string])[];
}

/** A fault of the kind that tests are there to find. */
export interface Mutant extends Fault {
  /** Test files of `npm test`, at least one of which must fail. */
  readonly tests: readonly string[];
}

/** A fault of the simulator that only those find who do not believe it. */
export interface Untruth extends Fault {
  /** A peer of `npm run peers` that must disagree. */
  readonly peer: string;
}

const MONITOR = 'src/monitor';
const UNIT = 'test/unit/monitor';

/** Every mutant; each has to be killed. */
export const MUTANTS: readonly Mutant[] = [
  {
    what: 'the revision of a stored state is not checked',
    file: `${MONITOR}/adapters/dynamodb/table-access.ts`,
    edits: [["'revision = :revision'", "'revision >= :revision OR revision < :revision'"]],
    tests: ['test/contract/alert-store.test.ts'],
  },
  {
    what: 'only the first page of the attempts of a secret is read',
    file: `${MONITOR}/adapters/dynamodb/table-access.ts`,
    edits: [['items.push(...(page.Items ?? []));', 'return page.Items ?? [];']],
    tests: ['test/contract/alert-store.test.ts'],
  },
  {
    what: 'only the first page of an index is read',
    file: `${MONITOR}/adapters/dynamodb/table-access.ts`,
    edits: [['await take(value.Items ?? []);', 'return take(value.Items ?? []);']],
    tests: ['test/contract/alert-store.test.ts'],
  },
  {
    what: 'messages that failed are acknowledged',
    file: `${MONITOR}/handlers/on-rotation-event.ts`,
    edits: [['failed.map((itemIdentifier) => ({ itemIdentifier }))', 'failed.slice(0, 0) as never[]']],
    tests: ['test/e2e/from-event-to-message.test.ts'],
  },
  {
    what: 'text from outside is not escaped for Slack',
    file: `${MONITOR}/adapters/slack/blocks.ts`,
    edits: [['(ENTITIES[character] ?? printable(character))', 'printable(character)']],
    tests: [`${UNIT}/adapters/slack/blocks.test.ts`, 'test/contract/slack-notifier.test.ts'],
  },
  {
    what: 'the sentence that says what is wrong is not escaped on pages',
    file: `${MONITOR}/domain/message/open-alerts-html.ts`,
    edits: [['<br>$' + '{escapeHtml(alert.what)}', '<br>$' + '{alert.what}']],
    tests: [`${UNIT}/domain/message/text-from-outside.test.ts`],
  },
  {
    what: 'text from outside keeps its line breaks',
    file: `${MONITOR}/domain/shown.ts`,
    edits: [["text.replaceAll(BREAKS, ' ').replaceAll(UNSEEN, '')", 'text']],
    tests: [`${UNIT}/domain/shown.test.ts`],
  },
  {
    what: 'a silence lasts a day longer',
    file: `${MONITOR}/domain/secret/policy.ts`,
    edits: [['until: later(start, DAY), reason', 'until: later(start, 2 * DAY), reason']],
    tests: [`${UNIT}/domain/secret/policy.test.ts`],
  },
  {
    what: 'a look that failed ends an alert',
    file: `${MONITOR}/domain/look/judge-look.ts`,
    edits: [['endOf: () => undefined }', "endOf: () => 'The look failed.' }"]],
    tests: [`${UNIT}/domain/look/judge-look.test.ts`],
  },
  {
    what: 'what is denied is tried again',
    file: `${MONITOR}/adapters/aws/failure-of.ts`,
    edits: [["{ reason: 'denied', retryable: false }", "{ reason: 'denied', retryable: true }"]],
    tests: [`${UNIT}/adapters/aws/failure-of.test.ts`],
  },
  {
    what: 'the last step counts and not the furthest',
    file: `${MONITOR}/domain/rotation/progress.ts`,
    edits: [
      ['orderOf(b.reached) > orderOf(a.reached) ? b.reached : a.reached', 'b.reached ?? a.reached'],
      ['orderOf(step) > orderOf(seen.reached) ? step : seen.reached', 'step ?? seen.reached'],
    ],
    tests: [`${UNIT}/domain/look/what-was-reached.property.test.ts`],
  },
  {
    what: 'only UUIDs are ids of versions',
    file: `${MONITOR}/domain/secret/version-stage.ts`,
    edits: [['/^.{32,64}$/su', '/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u']],
    tests: [`${UNIT}/adapters/eventbridge/parse-rotation-event.test.ts`],
  },
  {
    what: 'the record of a group is one item of any size',
    file: `${MONITOR}/adapters/dynamodb/group-records.ts`,
    edits: [['const MAX_PART_BYTES = 200_000;', 'const MAX_PART_BYTES = 200_000_000;']],
    tests: ['test/contract/alert-store.test.ts'],
  },
  {
    what: 'a move is remembered as reported before it is',
    file: `${MONITOR}/domain/rotation/move.ts`,
    edits: [['isTold: false', 'isTold: true']],
    tests: [`${UNIT}/application/on-event/tell-move.test.ts`],
  },
  {
    what: 'a tag keeps CRITICAL quiet',
    file: `${MONITOR}/domain/alert/decide.ts`,
    edits: [["(severityUntagged !== 'CRITICAL' || now.silenceCritical)", 'now.now > 0']],
    tests: [`${UNIT}/domain/alert/decide.test.ts`, `${UNIT}/domain/alert/reconcile.test.ts`],
  },
  {
    what: 'a version that only an old look shows is reported, and remembered as reported',
    file: `${MONITOR}/domain/rotation/move.ts`,
    edits: [
      ['const counts = !isOld && (agrees(hint, secret) || isNewer(hint, secret));', 'const counts = !isOld;'],
    ],
    tests: [`${UNIT}/application/on-event/tell-move.test.ts`],
  },
  {
    what: 'an event of before the last move is reported',
    file: `${MONITOR}/domain/rotation/move.ts`,
    edits: [['if (at < record.changedAt) return true;', '']],
    tests: [`${UNIT}/domain/rotation/move.test.ts`],
  },
  {
    what: 'a move counts as reported before it is published',
    file: `${MONITOR}/domain/rotation/move.ts`,
    edits: [['revision, isTold: false, asOf }', 'revision, isTold: true, asOf }']],
    tests: [`${UNIT}/application/on-event/tell-move.test.ts`],
  },
  {
    what: 'a value put under a label of its own counts as put by a rotation',
    file: `${MONITOR}/domain/rotation/move-source.ts`,
    edits: [
      [
        'return fact.makesPending === true ||',
        "return fact.operation === 'PutSecretValue' && !fact.makesCurrent ||",
      ],
    ],
    tests: [`${UNIT}/domain/rotation/current-sight.test.ts`],
  },
  {
    what: 'LastRotatedDate alone ends an alert at once',
    file: `${MONITOR}/domain/rotation/rotated-date.ts`,
    edits: [['now - dated.seenAt <= ABOUT_MS', 'now < dated.seenAt']],
    tests: [`${UNIT}/domain/rotation/current-sight.test.ts`],
  },
  {
    what: 'a tag that flaps is announced each time',
    file: `${MONITOR}/domain/alert/decide.ts`,
    edits: [['now - announcedAt >= TAGS_ANNOUNCED_EVERY_MS', 'now >= announcedAt']],
    tests: [`${UNIT}/domain/alert/reconcile.test.ts`],
  },
  {
    what: 'a failure before the value was changed counts as its refusal',
    file: `${MONITOR}/domain/look/remember.ts`,
    edits: [['(version.lastFailedAt ?? 0) >= changedAt', 'changedAt > 0']],
    tests: [`${UNIT}/domain/detect/current-changed-outside-rotation.test.ts`],
  },
  {
    what: 'a version that no look saw pending is never lost',
    file: `${MONITOR}/domain/look/judge-look.ts`,
    edits: [['    ...missing(state, look),\n', '']],
    tests: [`${UNIT}/domain/look/judge-look.test.ts`],
  },
  {
    what: 'no look ends what has switched rotation off',
    file: `${MONITOR}/domain/look/judge-look.ts`,
    edits: [['offSettledAt(remembered, secret, now)', 'remembered.offSettledAt']],
    tests: ['test/e2e/switched-off.test.ts'],
  },
  {
    what: 'a time that lies years ahead is believed',
    file: `${MONITOR}/adapters/aws/record/schema.ts`,
    edits: [['if (at > reading.until)', 'if (at > LATEST)']],
    tests: [`${UNIT}/adapters/dynamodb/state-item.test.ts`],
  },
  {
    what: 'a lock that ends years ahead keeps everybody out',
    file: `${MONITOR}/adapters/dynamodb/dynamodb-alert-store.ts`,
    edits: [['#until > :latest', '(#until > :latest AND #until < :latest)']],
    tests: ['test/e2e/poisoned-items.test.ts'],
  },
  {
    what: 'outboxes are cleared one after the other',
    file: `${MONITOR}/application/tell/waiting.ts`,
    edits: [['const CLEARED_AT_ONCE = 10;', 'const CLEARED_AT_ONCE = 1;']],
    tests: [`${UNIT}/application/tell/crowds.test.ts`],
  },
  {
    what: 'clearing goes on when time is up',
    file: `${MONITOR}/application/tell/waiting.ts`,
    edits: [
      ['if (!isLate()) await clear(this.#store, state, ids);', 'await clear(this.#store, state, ids);'],
    ],
    tests: [`${UNIT}/application/tell/crowds.test.ts`],
  },
  {
    what: 'a crowd that cannot be named keeps others from being named',
    file: `${MONITOR}/application/tell/name-others.ts`,
    edits: [['      errors.push(error);\n', '      errors.push(error);\n      break;\n']],
    tests: [`${UNIT}/application/tell/crowds.test.ts`],
  },
  {
    what: 'the outbox of a secret has no bound',
    file: `${MONITOR}/domain/alert/reconcile.ts`,
    edits: [['boundedOutbox([...told.outbox, ...said], telling.now)', '[...told.outbox, ...said]']],
    tests: [`${UNIT}/domain/alert/reconcile.test.ts`],
  },
  {
    what: 'every event of a batch asks for a delivery of its own',
    file: `${MONITOR}/application/on-event/record-rotation-events.ts`,
    edits: [['  queue: wakesOfOneRun(service),\n', '']],
    tests: [`${UNIT}/application/on-event/record-rotation-events.test.ts`],
  },
  {
    what: 'a value that a function staged counts as put by hand',
    file: `${MONITOR}/domain/alert/ended-by.ts`,
    edits: [['  makesCurrent === true &&\n', '']],
    tests: [`${UNIT}/domain/alert/ended-by.test.ts`],
  },
  {
    what: 'commands print text from outside as it is',
    file: 'src/cli/terminal/output.ts',
    edits: [['(text: string): string => shownLine(text);', '(text: string): string => text;']],
    tests: ['test/unit/cli/terminal/text-from-outside.test.ts'],
  },
  {
    what: 'the log keeps what steers a terminal',
    file: `${MONITOR}/adapters/system/json-log.ts`,
    edits: [['...shown(details)', '...details']],
    tests: [`${UNIT}/adapters/system/json-log.test.ts`],
  },
  {
    what: 'a part of a state that cannot be read is not counted',
    file: `${MONITOR}/adapters/dynamodb/dynamodb-alert-store.ts`,
    edits: [
      [
        'if (value === undefined || !isWhole) onUnreadable(kind);',
        'if (value === undefined) onUnreadable(kind);',
      ],
    ],
    tests: ['test/contract/alert-store.test.ts'],
  },
  {
    what: 'a filter for what no alert has is taken',
    file: 'infra/props/heard.ts',
    edits: [
      [
        '.filter((condition) => !canHold(condition, values))',
        '.filter((condition) => !canHold(condition, undefined))',
      ],
    ],
    tests: ['test/infra/unheard.test.ts'],
  },
];

const SECRETS = 'src/simulator/secrets-manager';

/** Every untruth; each has to be found. */
export const UNTRUTHS: readonly Untruth[] = [
  {
    what: 'an unknown secret has another error code',
    file: `${SECRETS}/store/errors.ts`,
    edits: [
      [
        `'ResourceNotFoundException', "Secrets Manager can't find the specified secret."`,
        `'InvalidParameterException', "Secrets Manager can't find the specified secret."`,
      ],
    ],
    peer: 'caching-python',
  },
  {
    what: 'AWSPREVIOUS is left where it was when AWSCURRENT moves',
    file: `${SECRETS}/store/version-stages.ts`,
    edits: [
      ['from !== undefined ? relabel(moved, PREVIOUS, from.id) : moved', 'to === label ? versions : moved'],
    ],
    peer: 'caching-python',
  },
  {
    what: 'a secret is deleted a day early',
    file: `${SECRETS}/lifecycle/secret-lifecycle.ts`,
    edits: [['const DEFAULT_RECOVERY_DAYS = 30;', 'const DEFAULT_RECOVERY_DAYS = 29;']],
    peer: 'moto',
  },
  {
    what: 'a value comes without the id of its version',
    file: `${SECRETS}/lifecycle/secret-values.ts`,
    edits: [['    VersionId: version.id,\n    SecretString', '    SecretString']],
    peer: 'moto',
  },
  {
    what: 'a version looks as young as its last read',
    file: `${SECRETS}/read/list-secret-version-ids.ts`,
    edits: [['dateOf(version.createdAt)', 'dateOf(version.accessedOn ?? version.createdAt)']],
    peer: 'prowler',
  },
];
