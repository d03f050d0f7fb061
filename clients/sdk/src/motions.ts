/** Motions of the alliance: from the proposal to what the motion's call returned. */
import type { HanseCallData } from '../descriptors/hanse.ts';
import type { Hex } from './bytes.ts';
import { type Api, BEST, type Chain } from './chain.ts';
import { type Refused, explain } from './errors.ts';
import { type Receipt, type Tx, nameOf } from './send.ts';

/** A call of the chain, as the library decodes it. */
export type CallData = Tx['decodedCall'];

/** The same as reads take it: the library knows less of the data of a call than of its arguments. */
const typed = (call: CallData) => call as HanseCallData;

/** Events as the chain stores them. */
export type Events = Parameters<Api['event']['Alliance']['Executed']['filter']>[0];

export interface Motion {
	hash: Hex;
	index: number;
	threshold: number;
	ayes: string[];
	nays: string[];
	/** The block from which on it can be closed without enough votes. */
	end: number;
	call: CallData;
}

/** How somebody's transactions are sent: signed with which key, and in whose name. */
export type Sender = (tx: Tx) => Promise<Receipt>;

/** No motion of this kind, or none that goes by that name. */
export class NoSuchMotion extends Error {}

/** The open motions, the oldest first. */
export async function openMotions(api: Api): Promise<Motion[]> {
	const hashes = await api.query.Alliance.Proposals.getValue(BEST);
	const motions = await Promise.all(hashes.map((hash) => openMotion(api, hash)));
	return motions.filter((motion) => motion !== undefined).sort((a, b) => a.index - b.index);
}

/** One motion as it stands, unless it is closed. */
export async function openMotion({ query }: Api, hash: Hex): Promise<Motion | undefined> {
	const [call, voting] = await Promise.all([query.Alliance.ProposalOf.getValue(hash, BEST), query.Alliance.Voting.getValue(hash, BEST)]);
	return call && voting && { hash, call, ...voting };
}

/** The open motion of an index, or of a hash or at least six digits of its beginning. */
export async function findMotion(api: Api, name: string): Promise<Motion> {
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

/** What a call needs to be decided at this moment, as the chain counts; nothing if members do not decide this. */
export const majorityFor = ({ apis }: Api, call: CallData) => apis.HanseApi.majority_for(typed(call), BEST);

/** How a motion stands with the members of this moment. The aye of the accused counts as no. */
export async function tally(api: Api, { threshold, ayes, call }: Motion): Promise<Tally> {
	const majority = await majorityFor(api, call);
	const accused = majority?.accused === undefined ? undefined : await api.query.Institutions.Institutions.getValue(majority.accused, BEST);
	const needed = Math.max(threshold, majority?.ayes ?? 0);
	return { ayes: ayes.filter((who) => who !== accused?.account).length, needed, members: majority?.all ?? 0 };
}

/** Puts what `motion` does to the vote, with the threshold that it needs now. */
export async function propose({ api }: Chain, by: Sender, motion: Tx): Promise<Motion> {
	const proposal = motion.decodedCall;
	const needed = await majorityFor(api, proposal);
	if (!needed) throw new Error(`members do not decide ${nameOf(motion)}`);
	const { length } = await motion.getEncodedData();
	const { events } = await by(api.tx.Alliance.propose({ threshold: needed.ayes, proposal, length_bound: length }));
	const [proposed] = api.event.Alliance.Proposed.filter(events);
	// With a threshold of one there is nothing to vote on.
	if (!proposed) throw new Error('the alliance has one member only, whose motions are carried out at once');
	const open = await openMotion(api, proposed.payload.proposal_hash);
	if (!open) throw new NoSuchMotion('the motion was closed as soon as it was open');
	return open;
}

export async function vote({ api }: Chain, by: Sender, { hash, index }: Motion, aye: boolean): Promise<void> {
	await by(api.tx.Alliance.vote({ proposal: hash, index, approve: aye }));
}

/** Where a motion ended. */
export interface MotionOutcome {
	carried: boolean;
	/** Why its call failed, if it was carried and failed. */
	error?: Refused;
	/** The block of the closing. */
	block: string;
}

/** Closes a motion that has the votes it needs, or cannot get them any more; its proposer's deposit is free again. */
export async function close(chain: Chain, by: Sender, motion: Motion): Promise<MotionOutcome> {
	const { api } = chain;
	const { hash, index } = motion;
	const receipt = await by(await closeTx(chain, motion));
	const outcome = await outcomeIn(chain, receipt.block.hash, receipt.events, hash);
	if (!outcome) throw new Error(`block ${receipt.block.hash} does not say how motion ${index} ended`);
	if (await api.query.Alliance.CostOf.getValue(hash, BEST)) await by(api.tx.Alliance.release_proposal_cost({ proposal_hash: hash }));
	return outcome;
}

/** The call that closes it, with the weight that it may take. */
export async function closeTx({ api, client }: Chain, { hash, index, call }: Motion): Promise<Tx> {
	const stored = await client.rawQuery(await api.query.Alliance.ProposalOf.getKey(hash), BEST);
	const length = ((stored?.length ?? 2) - 2) / 2;
	const { weight } = await api.apis.TransactionPaymentCallApi.query_call_info(typed(call), length, BEST);
	// The collective reads a stored call with four bytes for its length before it.
	const bounds = { proposal_weight_bound: weight, length_bound: length + 4 };
	return api.tx.Alliance.close({ proposal_hash: hash, index, ...bounds });
}

/** How the motion of a hash ended, if it is among `events` of `block` that it did. */
export async function outcomeIn({ api, client }: Chain, block: string, events: Events, motion: Hex): Promise<MotionOutcome | undefined> {
	const { Executed, Disapproved, Killed } = api.event.Alliance;
	const executed = Executed.filter(events).find(({ payload }) => payload.proposal_hash === motion);
	if (executed) {
		const { result } = executed.payload;
		return { carried: true, block, ...(result.success ? {} : { error: await explain(client, result.value) }) };
	}
	const ended = [...Disapproved.filter(events), ...Killed.filter(events)].some(({ payload }) => payload.proposal_hash === motion);
	return ended ? { carried: false, block } : undefined;
}
