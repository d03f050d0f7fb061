/** Motions: reading, making, voting, closing and following them. */
import type { Hex } from '@hanse/sdk/bytes';
import { BEST, type Chain, sleep } from '@hanse/sdk/chain';
import { count } from '@hanse/sdk/money';
import {
	type Motion, type MotionOutcome, close, findMotion, openMotion, openMotions, propose, tally, outcomeIn, vote,
} from '@hanse/sdk/motions';
import { duration, moment } from '@hanse/sdk/time';
import { WrongUsage } from '../program.ts';
import { type Desk, Failed, hint } from './desk.ts';
import { type Proposal, describe, describeAmendment } from '@hanse/sdk/decisions';
import { Names } from '@hanse/sdk/names';

export async function motions(desk: Desk): Promise<void> {
	const { api } = desk.chain;
	const [names, open] = await Promise.all([Names.read(api), openMotions(api)]);
	if (open.length === 0) desk.say('No motion is open.');
	for (const motion of open) await show(desk, motion, names);
	await showPending(desk, names);
}

async function show(desk: Desk, motion: Motion, names: Names): Promise<void> {
	const { api } = desk.chain;
	const { ayes, needed, members } = await tally(api, motion);
	const voters = (accounts: string[]) => accounts.map((who) => names.account(who)).join(', ') || 'nobody';
	desk.say(`Motion ${motion.index}: ${describe(motion.call, names)}`);
	desk.say(`  needs  ${needed} of ${members} members, has ${ayes}`);
	desk.say(`  aye    ${voters(motion.ayes)}`);
	desk.say(`  nay    ${voters(motion.nays)}`);
	desk.say(`  until  ${await untilWhen(desk.chain, motion)}`);
	desk.say(`  hash   ${motion.hash}`);
	if (desk.account) desk.say(`  yours  ${ownVote(motion, desk.account)}`);
	desk.say('');
}

const ownVote = ({ ayes, nays }: Motion, account: string) =>
	ayes.includes(account) ? 'aye' : nays.includes(account) ? 'nay' : 'not cast';

async function untilWhen({ api, client }: Chain, { end }: Motion): Promise<string> {
	const [best, slot] = await Promise.all([bestNumber(client), api.apis.AuraApi.slot_duration(BEST)]);
	const where = `block ${count(end)}`;
	return end > best ? `${where} (in about ${duration((end - best) * Number(slot))})` : `${where}, which has passed`;
}

/** Decisions that wait for the end of their notice. */
async function showPending({ chain: { api }, say }: Desk, names: Names): Promise<void> {
	for (const { keyArgs: [id], value: { what, due } } of await api.query.Rulebook.PendingDecisions.getEntries(BEST)) {
		say(`Decision ${id}, in force from ${moment(Number(due))}: ${await describePending(api, what, names)}`);
	}
}

type Pending = NonNullable<Awaited<ReturnType<Chain['api']['query']['Rulebook']['PendingDecisions']['getValue']>>>['what'];

async function describePending(api: Chain['api'], { type, value }: Pending, names: Names): Promise<string> {
	if (type === 'Amendment') return describeAmendment(value, names);
	return describe((await api.txFromCallData(value.call)).decodedCall, names);
}

/** Puts `what` to the vote; with `aye` the proposer votes for it at once. */
export async function proposeMotion(
	desk: Desk, what: Proposal, typed: string[], charter: string | undefined, aye: boolean,
): Promise<void> {
	const { chain, say } = desk;
	if (charter !== undefined && !what.charter) throw new WrongUsage('only amend takes a --charter');
	const motion = await propose(chain, desk.act, await what.tx(desk, typed, charter));
	const names = await Names.read(chain.api);
	say(`Motion ${motion.index}: ${describe(motion.call, names)}`);
	say(`It takes ${motion.threshold} ayes, until ${await untilWhen(chain, motion)}. Hash ${motion.hash}`);
	if (aye) await voteOn(desk, motion, true);
	else say(`Your own vote is not in it. To vote: scripts/member vote ${motion.index} aye`);
}

export async function castVote(desk: Desk, name: string, aye: boolean): Promise<void> {
	await voteOn(desk, await findMotion(desk.chain.api, name), aye);
}

async function voteOn(desk: Desk, { hash, index }: Motion, aye: boolean): Promise<void> {
	const { chain, say } = desk;
	const motion = await openMotion(chain.api, hash);
	if (!motion) throw new Failed(`motion ${index} was closed meanwhile`);
	await vote(chain, desk.act, motion, aye);
	const now = await openMotion(chain.api, hash);
	const verb = `${aye ? 'Aye' : 'Nay'} to motion ${index}`;
	if (!now) return say(`${verb}, which has been closed since.`);
	const { ayes, needed, members } = await tally(chain.api, now);
	const nays = now.nays.length;
	say(`${verb}: ${ayes} of ${needed} ayes, ${nays} ${nays === 1 ? 'nay' : 'nays'}.`);
	const over = ayes >= needed ? 'That is enough.' : members - nays < now.threshold ? 'It cannot carry any more.' : undefined;
	if (over) say(`${over} Any member can close it now: scripts/member close ${index}`);
}

export async function closeMotion(desk: Desk, name: string): Promise<void> {
	const { chain } = desk;
	const motion = await findMotion(chain.api, name);
	const what = describe(motion.call, await Names.read(chain.api));
	const { ayes, needed } = await tally(chain.api, motion);
	const best = await bestNumber(chain.client);
	// It had enough votes once, and has not any more: the chain does not close it, and takes it off the list.
	if (motion.ayes.length >= motion.threshold && ayes < needed && best >= motion.end) {
		await desk.act(chain.api.tx.Alliance.disapprove_proposal({ proposal_hash: motion.hash }));
		desk.say(`Motion ${motion.index} is over without enough votes that count: ${what}`);
		return;
	}
	conclude(desk, motion, what, await close(chain, desk.act, motion));
}

/** Says how it ended; throws if the motion was carried and its call failed. */
function conclude({ say }: Desk, { index, call }: Motion, what: string, { carried, error }: MotionOutcome): void {
	if (!carried) return say(`Motion ${index} was not carried: ${what}`);
	if (error) {
		const more = hint(error);
		throw new Failed(`motion ${index} was carried, and it failed (${what}): ${error.message}${more ? `\n${more}` : ''}`);
	}
	const waits = call.type === 'Rulebook' && ['amend', 'enact'].includes(call.value.type);
	say(`Motion ${index} was carried${waits ? '' : ', and it is done'}: ${what}`);
	if (waits) say('It takes effect by itself when its notice is over. Until then it is among: scripts/member motions');
}

/** Follows a motion until it is decided; whether it was carried. */
export async function watch(desk: Desk, name: string): Promise<boolean> {
	const { chain, say } = desk;
	const { api, client } = chain;
	let motion = await findMotion(api, name);
	const names = await Names.read(api);
	await show(desk, motion, names);
	let lastOpen = await bestNumber(client);
	for (;;) {
		const best = await bestNumber(client);
		const now = await openMotion(api, motion.hash);
		if (!now) {
			const outcome = await findOutcome(chain, motion.hash, lastOpen, best);
			conclude(desk, motion, describe(motion.call, names), outcome);
			return outcome.carried;
		}
		showChanges(motion, now, names, say);
		[motion, lastOpen] = [now, best];
		await Promise.race([sleep(500), chain.lost]);
	}
}

async function bestNumber(client: Chain['client']): Promise<number> {
	const [best] = await client.getBestBlocks();
	return best?.number ?? 0;
}

/** Blocks that another branch of the chain may have replaced meanwhile. */
const REPLACED = 10;

/** How a motion ended that was open at block `lastOpen` and is not any more. */
async function findOutcome(chain: Chain, motion: Hex, lastOpen: number, best: number): Promise<MotionOutcome> {
	for (let number = best + 1; number >= Math.max(1, lastOpen - REPLACED); number--) {
		const block = await chain.request<Hex | null>('chain_getBlockHash', number);
		// The block after the best one may not be there yet.
		if (block === null) continue;
		const outcome = await outcomeIn(chain, block, await chain.api.query.System.Events.getValue({ at: block }), motion);
		if (outcome) return outcome;
	}
	throw new Failed('the motion was closed, and no recent block says how');
}

function showChanges(before: Motion, now: Motion, names: Names, say: (line: string) => void): void {
	const cast = (which: 'ayes' | 'nays') => now[which].filter((who) => !before[which].includes(who));
	const stand = `${now.ayes.length} of ${now.threshold} ayes, ${now.nays.length} nays`;
	for (const who of cast('ayes')) say(`${names.account(who)} says aye: ${stand}`);
	for (const who of cast('nays')) say(`${names.account(who)} says nay: ${stand}`);
	if (before.ayes.length < before.threshold && now.ayes.length >= now.threshold) {
		say(`It has the votes. Any member can close it: scripts/member close ${now.index}`);
	}
}
