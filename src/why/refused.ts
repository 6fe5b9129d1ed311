/** The question on which a call failed, for those who are told of it in another form than `why`. */
import { withNames } from './names.ts';
import { namesThen, showable, type Weighed, type WhySources } from './question.ts';
import { bodyOf, once } from './record.ts';

/**
 * The refused question of a call that an identity of `account` made, asked again as of when it was decided, as the
 * administrators of the account may know it. Undefined when nobody of the account made a call with this id that was
 * refused.
 */
export async function refusedQuestion(from: WhySources, id: string, account: string): Promise<Weighed | undefined> {
  for (const record of once(await from.store.recordsOf(id))) {
    const body = bodyOf(record);
    if (body.caller.account !== account) continue;
    const asked = body.asked.find(({ outcome }) => outcome !== 'allow');
    if (asked === undefined) continue;
    const weighed = await showable(from, record, asked, { kind: 'administrator', account });
    const names = await namesThen(from, record, weighed.verdict);
    return { ...weighed, verdict: withNames(weighed.verdict, names) };
  }
  return undefined;
}
