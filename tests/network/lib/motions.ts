/** Motions of the alliance: from the proposal to what the motion's call returned. */
import type { ApiPromise } from '@polkadot/api';
import type { GenericCall, Option } from '@polkadot/types';
import type { DispatchResult, EventRecord, Hash, Votes } from '@polkadot/types/interfaces';
import type { IMethod } from '@polkadot/types/types';
import type { HexString } from '@polkadot/util/types';
import { accountOf } from './alliance.ts';
import { type Call, type Chain, call, read, storage } from './chain.ts';
import { type Refused, explain } from './errors.ts';
import type { Receipt } from './send.ts';

export interface Motion {
	hash: HexString;
	index: number;
	threshold: number;
	ayes: string[];
	nays: string[];
	/** The block from which on it can be closed without enough votes. */
	end: number;
	call: GenericCall;
}

/** How somebody's transactions are sent: signed with which key, and in whose name. */
export type Sender = (call: Call) => Promise<Receipt>;

/** No motion of this kind, or none that goes by that name. */
export class NoSuchMotion extends Error {}

/** As in `institutions.admit`. */
export const nameOf = (call: { section: string; method: string }) => `${call.section}.${call.method}`;

/** The open motions, the oldest first. */
export async function openMotions(api: ApiPromise): Promise<Motion[]> {
	const hashes = (await storage(api, 'alliance', 'proposals')()) as unknown as Hash[];
	const motions = await Promise.all(hashes.map((hash) => openMotion(api, hash.toHex())));
	return motions.filter((motion) => motion !== undefined).sort((a, b) => a.index - b.index);
}

/** One motion as it stands, unless it is closed. */
export async function openMotion(api: ApiPromise, hash: HexString): Promise<Motion | undefined> {
	const [call, voting] = (await Promise.all([
		storage(api, 'alliance', 'proposalOf')(hash),
		storage(api, 'alliance', 'voting')(hash),
	])) as unknown as [Option<GenericCall>, Option<Votes>];
	if (call.isNone || voting.isNone) return undefined;
	const { index, threshold, ayes, nays, end } = voting.unwrap();
	return {
		hash,
		index: index.toNumber(),
		threshold: threshold.toNumber(),
		ayes: ayes.map(String),
		nays: nays.map(String),
		end: end.toNumber(),
		call: call.unwrap(),
	};
}

/** The open motion of an index, or of a hash or at least six digits of its beginning. */
export async function findMotion(api: ApiPromise, name: string): Promise<Motion> {
	const all = await openMotions(api);
	const isHash = /^0x[0-9a-f]{6,64}$/i.test(name);
	const found = all.filter(({ hash, index }) => (isHash ? hash.startsWith(name.toLowerCase()) : `${index}` === name));
	if (found.length > 1) throw new NoSuchMotion(`several open motions begin with ${name}`);
	if (found[0]) return found[0];
	const others = all.length === 0 ? 'none is open' : `open: ${all.map(({ index }) => index).join(', ')}`;
	throw new NoSuchMotion(`there is no open motion ${name} (${others})`);
}

export interface Tally {
	/** Votes for it that count. */
	ayes: number;
	/** Ayes without which it does not carry: its threshold, or more if the alliance has grown since. */
	needed: number;
	/** Who may vote, without the accused. */
	members: number;
}

/** What a call needs to be decided at this moment, as the chain counts. */
export interface Needed {
	/** Ayes at least. */
	ayes: number;
	/** Of so many members who are awake, and so many in all; the accused is in neither. */
	awake: number;
	all: number;
	/** About whom it is, whose aye counts for nothing. */
	accused: number | null;
}

/** Nothing if members do not decide this. */
export const majorityFor = async (api: ApiPromise, call: IMethod): Promise<Needed | undefined> =>
	((await read(api, 'majorityFor', call)).toJSON() as unknown as Needed | null) ?? undefined;

/** How a motion stands with the members of this moment. The aye of the accused counts as no. */
export async function tally(api: ApiPromise, { threshold, ayes, call }: Motion): Promise<Tally> {
	const majority = await majorityFor(api, call);
	const accused = majority?.accused ? await accountOf(api, majority.accused) : undefined;
	const needed = Math.max(threshold, majority?.ayes ?? 0);
	return { ayes: ayes.filter((who) => who !== accused).length, needed, members: majority?.all ?? 0 };
}

/** Puts `call` to the vote, with the threshold that it needs now. */
export async function propose(chain: Chain, by: Sender, motion: Call): Promise<Motion> {
	const { api } = chain;
	const needed = await majorityFor(api, motion.method);
	if (!needed) throw new Error(`members do not decide ${nameOf(motion.method)}`);
	const { events } = await by(call(api, 'alliance', 'propose', needed.ayes, motion, motion.method.encodedLength));
	const data = dataOf(events, 'Proposed');
	// With a threshold of one there is nothing to vote on.
	if (!data) throw new Error('the alliance has one member only, whose motions are carried out at once');
	const open = await openMotion(api, (data['proposalHash'] as Hash).toHex());
	if (!open) throw new NoSuchMotion('the motion was closed as soon as it was open');
	return open;
}

export async function vote(chain: Chain, by: Sender, motion: Motion, aye: boolean): Promise<void> {
	await by(call(chain.api, 'alliance', 'vote', motion.hash, motion.index, aye));
}

/** Where a motion ended. */
export interface MotionOutcome {
	carried: boolean;
	/** Why its call failed, if it was carried and failed. */
	error?: Refused;
	/** The block of the closing. */
	block: HexString;
}

/** Closes a motion that has the votes it needs, or cannot get them any more; its proposer's deposit is free again. */
export async function close(chain: Chain, by: Sender, motion: Motion): Promise<MotionOutcome> {
	const { api } = chain;
	const info = await api.call.transactionPaymentCallApi.queryCallInfo(motion.call, motion.call.encodedLength);
	// What is stored is looked at with the four bytes of a length before it.
	const length = motion.call.encodedLength + 4;
	const receipt = await by(call(api, 'alliance', 'close', motion.hash, motion.index, info.weight, length));
	const outcome = outcomeIn(api, receipt, motion.hash);
	if (!outcome) throw new Error(`block ${receipt.block} does not say how motion ${motion.index} ended`);
	await releaseDeposit(chain, by, motion);
	return outcome;
}

async function releaseDeposit(chain: Chain, by: Sender, { hash }: Motion): Promise<void> {
	const cost = (await storage(chain.api, 'alliance', 'costOf')(hash)) as unknown as Option<never>;
	if (cost.isSome) await by(call(chain.api, 'alliance', 'releaseProposalCost', hash));
}

/** How the motion of a hash ended, if it is among the events of a block or transaction that it did. */
export function outcomeIn(api: ApiPromise, { block, events }: Receipt, hash: HexString): MotionOutcome | undefined {
	const executed = dataOf(events, 'Executed', hash);
	if (executed) {
		const result = executed['result'] as DispatchResult;
		return { carried: true, block, ...(result.isErr ? { error: explain(api, result.asErr) } : {}) };
	}
	return dataOf(events, 'Disapproved', hash) || dataOf(events, 'Killed', hash) ? { carried: false, block } : undefined;
}

/** The fields of the alliance's first event of a name, about a motion if `hash` is given. */
function dataOf(events: EventRecord[], method: string, hash?: HexString): Record<string, unknown> | undefined {
	for (const { event } of events) {
		if (event.section !== 'alliance' || event.method !== method) continue;
		const fields = Object.fromEntries((event.data.names ?? []).map((name, i) => [name, event.data[i]]));
		if (!hash || (fields['proposalHash'] as Hash).toHex() === hash) return fields;
	}
	return undefined;
}
