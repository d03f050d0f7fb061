/** Who makes blocks, and who is on the way to it or from it. */
import { type Api, BEST, type Where } from './chain.ts';
import type { Institution } from './institutions.ts';

/** Accounts, by when they make blocks and vote. */
export interface Authorities {
	/** In this session. */
	now: string[];
	/** In the next session, as it was planned when this one began. */
	next: string[];
}

export async function authorities({ query }: Api, where: Where = BEST): Promise<Authorities> {
	const [now, queued] = await Promise.all([query.Session.Validators.getValue(where), query.Session.QueuedKeys.getValue(where)]);
	return { now, next: queued.map(([account]) => account) };
}

/** The keys that an account has set; nothing if it has none. */
export const keysOf = ({ query }: Api, account: string, where: Where = BEST) => query.Session.NextKeys.getValue(account, where);

/** Whether an account's node makes blocks, in a word or two. */
export function authorityOf({ now, next }: Authorities, account: string, operates: boolean): string {
	if (now.includes(account)) return next.includes(account) ? 'now' : 'until next session';
	if (next.includes(account)) return 'from next session';
	return operates ? 'waits' : '-';
}

/** Whether an institution wants to run an authority, and may. */
export const operates = async ({ query }: Api, { id, status }: Institution): Promise<boolean> =>
	status === 'Active' && (await query.Authorities.Operators.getValue(id, BEST)) !== undefined;
