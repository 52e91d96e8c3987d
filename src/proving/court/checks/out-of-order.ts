import { isTelling, type Said } from '../told/said.ts';
import type { Breach, Case } from './case.ts';

/** Returns the e-mails about an alert that first arrived after the one about its end. */
export const outOfOrder = ({ secret, said }: Case): readonly Breach[] =>
  said.filter(isTelling).flatMap((each) => {
    const [toldAt] = each.toldAt;
    const { code, transition, at } = each.notification;
    const end = endOf(each, said)?.toldAt[0];
    if (toldAt === undefined || end === undefined || toldAt <= end) return [];
    const text = `${transition} ${code} was sent after its end`;
    return [{ kind: 'out of order', secret: secret.name, at, text }];
  });

/** The first end of the same alert that was decided after it. */
const endOf = ({ notification }: Said, said: readonly Said[]): Said | undefined =>
  said.find(
    (other) =>
      other.notification.fingerprint === notification.fingerprint &&
      other.notification.transition === 'resolved' &&
      other.notification.at >= notification.at,
  );
