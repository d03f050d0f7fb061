/** What cannot be done now, and until when: what supervisors and members have stopped. */
import { BEST } from '@hanse/sdk/chain';
import { textOf } from '@hanse/sdk/bytes';
import { chain } from '../shared/chain.ts';
import type { Act, Stopped } from './state.svelte.ts';

/** The calls that a customer makes, as a pause names them. */
const CALLS: Record<string, Act> = { 'Exchange.pay': 'pay', 'Exchange.exchange': 'exchange', 'Points.donate': 'give' };
/** A pause of any call of these stops the clock of points. */
const VALUE = new Set(['Assets', 'Clearing', 'Customers', 'Exchange', 'Points']);

export async function stoppedOf(address: string): Promise<Stopped> {
	const { api } = await chain();
	const [halts, braked, paused] = await Promise.all([
		api.query.Supervision.ActiveHalts.getValue(BEST), api.query.SafeMode.EnteredUntil.getValue(BEST), api.query.TxPause.PausedCalls.getEntries(BEST),
	]);
	const names = paused.map(({ keyArgs: [parts] }) => [...parts].map(textOf));
	const acts = new Set(names.flatMap((parts) => CALLS[parts.join('.')] ?? []));
	const brake = braked === undefined ? undefined : await brakeOf(braked);
	for (const act of brake?.acts ?? []) acts.add(act);
	const now = Date.now();
	// A halt that is over stays in the list until the chain has looked at it.
	const running = halts.filter(({ until }) => Number(until) > now);
	return {
		account: running.flatMap(({ target, until }) => (target.type === 'Customer' && target.value === address ? [Number(until)] : []))[0],
		programs: running.flatMap(({ target, until }) => (target.type === 'Program' ? [{ program: target.value, until: Number(until) }] : [])),
		issuers: running.flatMap(({ target }) => (target.type === 'Institution' ? [target.value] : [])),
		acts: [...acts],
		// Nobody knows how long a pause lasts.
		actsUntil: names.length === 0 ? brake?.until : undefined,
		expiring: !brake?.acts.includes('pay') && !names.some(([pallet = '']) => VALUE.has(pallet)),
	};
}

/** The emergency brake stops all but payments, and those too if the rules say so. */
async function brakeOf(last: number): Promise<{ acts: Act[]; until: number }> {
	const { api, client } = await chain();
	const [rules, slot, [best]] = await Promise.all([api.apis.HanseApi.rules(BEST), api.apis.AuraApi.slot_duration(BEST), client.getBestBlocks()]);
	const acts: Act[] = rules.payments_in_safe_mode === 1 ? ['give', 'exchange'] : ['pay', 'give', 'exchange'];
	return { acts, until: Date.now() + Math.max(0, last - (best?.number ?? last)) * Number(slot) };
}
