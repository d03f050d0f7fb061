/** Motions: reading, making, voting, closing and following them. */
import type { ApiPromise } from '@polkadot/api';
import type { Option, Struct } from '@polkadot/types';
import type { HexString } from '@polkadot/util/types';
import { call, sleep, storage } from '@hanse/sdk/pjs/chain';
import { count } from '@hanse/sdk/money';
import {
	type Motion, type Verdict, close, findMotion, nameOf, openMotion, openMotions, propose, tally, verdictIn, vote,
} from '@hanse/sdk/pjs/motions';
import { duration, moment } from '@hanse/sdk/time';
import { type Desk, Failed, hint } from './desk.ts';
import { proposalFor } from './proposals.ts';
import { Words, describe, describeDecision } from './words.ts';

export async function motions(desk: Desk): Promise<void> {
	const { api } = desk.chain;
	const [words, open] = await Promise.all([Words.read(api), openMotions(api)]);
	if (open.length === 0) desk.say('No motion is open.');
	for (const motion of open) await show(desk, motion, words);
	await showPending(desk, words);
}

async function show(desk: Desk, motion: Motion, words: Words): Promise<void> {
	const { api } = desk.chain;
	const { ayes, needed, members } = await tally(api, motion);
	const voters = (accounts: string[]) => accounts.map((who) => words.account(who)).join(', ') || 'nobody';
	desk.say(`Motion ${motion.index}: ${describe(motion.call, words)}`);
	desk.say(`  needs  ${needed} of ${members} members, has ${ayes}`);
	desk.say(`  aye    ${voters(motion.ayes)}`);
	desk.say(`  nay    ${voters(motion.nays)}`);
	desk.say(`  until  ${await untilWhen(api, motion)}`);
	desk.say(`  hash   ${motion.hash}`);
	if (desk.account) desk.say(`  yours  ${yours(motion, desk.account)}`);
	desk.say('');
}

const yours = ({ ayes, nays }: Motion, account: string) =>
	ayes.includes(account) ? 'aye' : nays.includes(account) ? 'nay' : 'not cast';

async function untilWhen(api: ApiPromise, { end }: Motion): Promise<string> {
	const best = await bestNumber(api);
	const slot = Number((await api.call.auraApi?.['slotDuration']?.())?.toString() ?? 1_000);
	const where = `block ${count(end)}`;
	return end > best ? `${where} (in about ${duration((end - best) * slot)})` : `${where}, which has passed`;
}

/** Decisions that wait for the end of their notice. */
async function showPending(desk: Desk, words: Words): Promise<void> {
	const { api } = desk.chain;
	for (const [key, value] of await storage(api, 'rulebook', 'pending').entries()) {
		const { what, due } = describeDecision(api, (value as Option<Struct>).unwrap(), words);
		desk.say(`Decision ${key.args[0]}, in force from ${moment(due)}: ${what}`);
	}
}

/** Puts `what` to the vote; with `aye` the proposer votes for it at once. */
export async function proposeMotion(desk: Desk, what: string[], charter: string | undefined, aye: boolean): Promise<void> {
	const { chain, say } = desk;
	const proposal = await proposalFor(desk, what, charter);
	const motion = await propose(chain, desk.act, proposal);
	const words = await Words.read(chain.api);
	say(`Motion ${motion.index}: ${describe(motion.call, words)}`);
	say(`It takes ${motion.threshold} ayes, until ${await untilWhen(chain.api, motion)}. Hash ${motion.hash}`);
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
	const what = describe(motion.call, await Words.read(chain.api));
	const { ayes, needed } = await tally(chain.api, motion);
	const best = await bestNumber(chain.api);
	// It had enough votes once, and has not any more: the chain does not close it, and takes it off the list.
	if (motion.ayes.length >= motion.threshold && ayes < needed && best >= motion.end) {
		await desk.act(call(chain.api, 'alliance', 'disapproveProposal', motion.hash));
		desk.say(`Motion ${motion.index} is over without enough votes that count: ${what}`);
		return;
	}
	conclude(desk, motion, what, await close(chain, desk.act, motion));
}

/** Says how it ended; throws if the motion was carried and its call failed. */
function conclude({ say }: Desk, { index, call }: Motion, what: string, { carried, error }: Verdict): void {
	if (!carried) return say(`Motion ${index} was not carried: ${what}`);
	if (error) {
		const more = hint(error);
		throw new Failed(`motion ${index} was carried, and it failed (${what}): ${error.message}${more ? `\n${more}` : ''}`);
	}
	const waits = ['rulebook.amend', 'rulebook.enact'].includes(nameOf(call));
	say(`Motion ${index} was carried${waits ? '' : ', and it is done'}: ${what}`);
	if (waits) say('It takes effect by itself when its notice is over. Until then it is among: scripts/member motions');
}

/** Follows a motion until it is decided; whether it was carried. */
export async function watch(desk: Desk, name: string): Promise<boolean> {
	const { chain, say } = desk;
	const { api } = chain;
	let motion = await findMotion(api, name);
	const words = await Words.read(api);
	await show(desk, motion, words);
	let lastOpen = await bestNumber(api);
	for (;;) {
		const best = await bestNumber(api);
		const now = await openMotion(api, motion.hash);
		if (!now) {
			const verdict = await findVerdict(api, motion.hash, lastOpen, best);
			conclude(desk, motion, describe(motion.call, words), verdict);
			return verdict.carried;
		}
		sayChanges(motion, now, words, say);
		[motion, lastOpen] = [now, best];
		await Promise.race([sleep(500), chain.lost]);
	}
}

const bestNumber = async (api: ApiPromise) => (await api.rpc.chain.getHeader()).number.toNumber();

/** Blocks that another branch of the chain may have replaced meanwhile. */
const REPLACED = 10;

/** How a motion ended that was open at block `lastOpen` and is not any more. */
async function findVerdict(api: ApiPromise, motion: HexString, lastOpen: number, best: number): Promise<Verdict> {
	for (let number = best + 1; number >= Math.max(1, lastOpen - REPLACED); number--) {
		const block = (await api.rpc.chain.getBlockHash(number)).toHex();
		// The block after the best one may not be there yet.
		if (/^0x0+$/.test(block)) continue;
		const verdict = verdictIn(api, { block, events: await eventsAt(api, block) }, motion);
		if (verdict) return verdict;
	}
	throw new Failed('the motion was closed, and no recent block says how');
}

const eventsAt = async (api: ApiPromise, block: HexString) => [...(await (await api.at(block)).query.system.events())];

function sayChanges(before: Motion, now: Motion, words: Words, say: (line: string) => void): void {
	const cast = (which: 'ayes' | 'nays') => now[which].filter((who) => !before[which].includes(who));
	const stand = `${now.ayes.length} of ${now.threshold} ayes, ${now.nays.length} nays`;
	for (const who of cast('ayes')) say(`${words.account(who)} says aye: ${stand}`);
	for (const who of cast('nays')) say(`${words.account(who)} says nay: ${stand}`);
	if (before.ayes.length < before.threshold && now.ayes.length >= now.threshold) {
		say(`It has the votes. Any member can close it: scripts/member close ${now.index}`);
	}
}
