/** Who makes blocks, and who is on the way to it or from it. */
import type { ApiPromise } from '@polkadot/api';
import type { Header } from '@polkadot/types/interfaces';
import type { HexString } from '@polkadot/util/types';
import { type State, storage } from './chain.ts';

/** Accounts, by when they make blocks and vote. */
export interface Authorities {
	/** In this session. */
	now: string[];
	/** In the next session, as it was planned when this one began. */
	next: string[];
}

export async function authorities(state: State): Promise<Authorities> {
	const [now, next] = await Promise.all([
		storage(state, 'session', 'validators')().then((value) => value.toJSON() as string[]),
		storage(state, 'session', 'queuedKeys')().then((value) => value.toJSON() as [string, unknown][]),
	]);
	return { now, next: next.map(([account]) => account) };
}

export interface SessionKeys {
	aura: HexString;
	grandpa: HexString;
}

/** The keys that an account has set. */
export async function keysOf(state: State, account: string): Promise<SessionKeys | undefined> {
	return ((await storage(state, 'session', 'nextKeys')(account)).toJSON() as SessionKeys | null) ?? undefined;
}

/** The key that made a block: authors take turns, one slot each, in the order that the chain's state has. */
export async function authorOf(api: ApiPromise, header: Header): Promise<string> {
	const digest = header.digest.logs.find((log) => log.isPreRuntime && log.asPreRuntime[0].toString() === 'aura');
	if (!digest) throw new Error(`block ${header.number} names no slot`);
	const slot = Buffer.from(digest.asPreRuntime[1]).readBigUInt64LE();
	const state = await api.at(header.parentHash);
	const keys = (await storage(state, 'aura', 'authorities')()).toJSON() as string[];
	return keys[Number(slot % BigInt(keys.length))] ?? '';
}
