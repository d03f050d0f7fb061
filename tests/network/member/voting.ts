/** Motions: reading, making, voting, closing and following them. */
import type { ApiPromise } from '@polkadot/api';
import type { Option, Struct } from '@polkadot/types';
import type { HexString } from '@polkadot/util/types';
import { call, sleep, storage } from '../lib/chain.ts';
import { count } from '../lib/money.ts';
import { type Motion, type Verdict, close, findMotion, openMotion, openMotions, propose, tally, verdictIn, vote } from '../lib/motions.ts';
import { duration, moment } from '../lib/time.ts';
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
	const voters = (accounts: string[]) => (accounts.length > 0 ? accounts.map((who) => words.account(who)).join(', ') : 'nobody');
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
	const best = (await api.rpc.chain.getHeader()).number.toNumber();
	const slot = Number((await api.call.auraApi?.['slotDuration']?.())?.toString() ?? 1_000);
	return end > best ? `block ${count(end)} (in about ${duration((end - best) * slot)})` : `block ${count(end)}, which has passed`;
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
	if (ayes >= needed) say(`That is enough. Anybody can close it now: scripts/member close ${index}`);
	else if (members - nays < now.threshold) say(`It cannot carry any more. Anybody can close it now: scripts/member close ${index}`);
}

export async function closeMotion(desk: Desk, name: string): Promise<void> {
	const { chain } = desk;
	const motion = await findMotion(chain.api, name);
	const what = describe(motion.call, await Words.read(chain.api));
	// One whose time is over with votes that do not count any more can only be taken off the list.
	const { ayes, needed } = await tally(chain.api, motion);
	const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
	if (motion.ayes.length >= motion.threshold && ayes < needed && best >= motion.end) {
		await desk.act(call(chain.api, 'alliance', 'disapproveProposal', motion.hash));
		desk.say(`Motion ${motion.index} is over without enough votes that count: ${what}`);
		return;
	}
	const verdict = await close(chain, desk.act, motion);
	conclude(desk, motion.index, what, verdict);
}

/** Says how it ended; throws if the motion was carried and its call failed. */
function conclude(desk: Desk, index: number, what: string, { carried, error }: Verdict): void {
	if (!carried) return desk.say(`Motion ${index} was not carried: ${what}`);
	if (error) {
		const more = hint(error);
		throw new Failed(`motion ${index} was carried, and what it decided failed (${what}): ${error.message}${more ? `\n${more}` : ''}`);
	}
	desk.say(`Motion ${index} was carried, and it is done: ${what}`);
	if (/^(amend|upgrade|pause|no longer)/.test(what)) desk.say('It takes effect by itself after the notice; look at: motions');
}

/** Follows a motion until it is decided; whether it was carried. */
export async function watch(desk: Desk, name: string): Promise<boolean> {
	const { chain, say } = desk;
	const { api } = chain;
	let motion = await findMotion(api, name);
	const words = await Words.read(api);
	const what = describe(motion.call, words);
	await show(desk, motion, words);
	let seen = (await api.rpc.chain.getHeader()).number.toNumber();
	for (;;) {
		const best = (await api.rpc.chain.getHeader()).number.toNumber();
		while (seen < best) {
			seen += 1;
			const block = (await api.rpc.chain.getBlockHash(seen)).toHex();
			const verdict = verdictIn(api, { block, events: await eventsAt(api, block) }, motion.hash);
			if (verdict) {
				conclude(desk, motion.index, what, verdict);
				return verdict.carried;
			}
		}
		const now = await openMotion(api, motion.hash);
		if (now) {
			sayChanges(motion, now, words, say);
			motion = now;
		}
		await Promise.race([sleep(500), chain.lost]);
	}
}

const eventsAt = async (api: ApiPromise, block: HexString) => [...(await (await api.at(block)).query.system.events())];

function sayChanges(before: Motion, now: Motion, words: Words, say: (line: string) => void): void {
	const cast = (which: 'ayes' | 'nays') => now[which].filter((who) => !before[which].includes(who));
	const stand = `${now.ayes.length} of ${now.threshold} ayes, ${now.nays.length} nays`;
	for (const who of cast('ayes')) say(`${words.account(who)} says aye: ${stand}`);
	for (const who of cast('nays')) say(`${words.account(who)} says nay: ${stand}`);
	if (before.ayes.length < before.threshold && now.ayes.length >= now.threshold) {
		say(`It has the votes. Anybody can close it: scripts/member close ${now.index}`);
	}
}
