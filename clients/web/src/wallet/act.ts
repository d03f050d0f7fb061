/** What the wallet does on the chain, each thing with why it would fail before it is signed. */
import { BEST } from '@hanse/sdk/chain';
import { hashOf, utf8 } from '@hanse/sdk/bytes';
import { reasonOf } from '@hanse/sdk/reasons';
import type { Tx } from '@hanse/sdk/send';
import { chain } from '../shared/chain.ts';
import { type Entry, begin, entries } from '../shared/journal.ts';
import { unlock } from '../shared/keys/index.ts';
import type { PayLink } from '../shared/links.ts';
import { onlyAsMeant } from '../shared/meant.ts';
import { get } from 'svelte/store';
import { type Leg, exactly } from './legs.ts';
import { wallet } from './state.svelte.ts';

/** It would fail, and why: the chain's name of it. */
export class WouldFail extends Error {
	readonly reason: string;

	constructor(reason: string) {
		super(reason);
		this.reason = reason;
	}
}

/** Throws [`WouldFail`] if the call would fail, or if nobody would pay for it; `unless` is why a call is not free that can be. */
async function ensureTaken(call: Tx, unless?: string): Promise<void> {
	const { api } = await chain();
	const { payer, unsponsored } = await api.apis.HanseApi.who_pays(call.decodedCall as never, wallet.address, BEST);
	if (payer || !unsponsored) return;
	if (unless && unsponsored.type === 'NotSponsored') throw new WouldFail(unless);
	throw new WouldFail(unsponsored.type === 'WouldFail' ? reasonOf(unsponsored.value) : `unsponsored.${unsponsored.type}`);
}

/** What a payment costs now, to the unit. */
export interface Quote {
	burned: Map<number, bigint>;
	legs: Leg[];
}

export async function quotePay({ merchant, order, price }: PayLink, legs: Leg[]): Promise<Quote> {
	if (legs.length === 0) throw new WouldFail('exchange.PriceNotCovered');
	const { api } = await chain();
	const ask = (from: Leg[]) =>
		api.apis.HanseApi.quote_pay(wallet.address, merchant, order, price, from.map(({ program, maxPoints }) => ({ program, max_points: maxPoints })), BEST);
	const quoted = await ask(legs);
	if (!quoted.success) throw new WouldFail(reasonOf(quoted.value));
	const burned = new Map<number, bigint>();
	for (const { asset, points } of quoted.value) {
		const program = wallet.holdings?.find((holding) => holding.asset === asset)?.program;
		if (program === undefined) throw new WouldFail('exchange.PriceNotCovered');
		burned.set(program, (burned.get(program) ?? 0n) + points);
	}
	const tight = exactly(legs, burned);
	await ensureTaken(api.tx.Exchange.pay(payment({ merchant, order, price }, tight)));
	return { burned, legs: tight };
}

const payment = ({ merchant, order, price }: Pick<PayLink, 'merchant' | 'order' | 'price'>, legs: Leg[]) =>
	({ merchant, order, price, legs: legs.map(({ program, maxPoints }) => ({ program, max_points: maxPoints })) });

/** What names a payment here: the order, of which there is one. */
export const payId = ({ merchant, order }: Pick<PayLink, 'merchant' | 'order'>): string => `pay.${merchant}.${order.commitment}`;

/** Signs `call`, and nothing that the chain would take for another one. */
const signed = (call: Tx) => async () => {
	const { key } = wallet;
	if (!key) throw new Error('there is no key');
	return onlyAsMeant(await unlock(key), call);
};

/** Pays, once: of the same order there is one transaction, whatever is pressed. */
export async function pay(link: PayLink, { legs }: Quote): Promise<Entry> {
	const { api } = await chain();
	const about = { merchant: link.merchant, era: link.order.era, commitment: link.order.commitment, price: link.price.toString() };
	const call = api.tx.Exchange.pay(payment(link, legs));
	return begin({ id: payId(link), kind: 'pay', about, account: wallet.address, sign: signed(call), call });
}

/** The same thing is the same as long as it is under way; when it is over, it can be done again. */
function nameOf(thing: string): string {
	const over = get(entries).filter(({ id, account, state }) => account === wallet.address && id.startsWith(`${thing}.`) && state === 'final');
	return `${thing}.${over.length}`;
}

export async function give(program: number, to: string, amount: bigint): Promise<Entry> {
	const { api } = await chain();
	const call = api.tx.Points.donate({ program, to, amount });
	const id = nameOf(`give.${program}.${to}.${amount}`);
	await ensureTaken(call);
	return begin({ id, kind: 'give', about: { program, to, amount: amount.toString() }, account: wallet.address, sign: signed(call), call });
}

/** How many smallest units an exchange gives now. */
export async function quoteExchange(from: number, amount: bigint, to: number): Promise<bigint> {
	const { api } = await chain();
	const quoted = await api.apis.HanseApi.quote_exchange(wallet.address, from, amount, to, BEST);
	if (!quoted.success) throw new WouldFail(reasonOf(quoted.value));
	return quoted.value;
}

export async function exchange(from: number, amount: bigint, to: number, least: bigint): Promise<Entry> {
	const { api } = await chain();
	const call = api.tx.Exchange.exchange({ from, amount, to, min_out: least });
	const id = nameOf(`exchange.${from}.${amount}.${to}`);
	await ensureTaken(call);
	const about = { from, to, amount: amount.toString(), out: least.toString() };
	return begin({ id, kind: 'exchange', about, account: wallet.address, sign: signed(call), call });
}

/** What was paid for an order, and what came back. */
export async function receiptOf(merchant: number, commitment: string) {
	const { api } = await chain();
	return api.apis.HanseApi.receipt(merchant, wallet.address, { era: 0, commitment }, BEST);
}

/** The chain gets the hash of what the customer has to say; the words themselves stay here, to be shown to the shop. */
export async function complain(merchant: number, era: number, commitment: string, words: string): Promise<Entry> {
	const { api } = await chain();
	const evidence = hashOf(utf8(words));
	const call = api.tx.Conduct.file_complaint({ merchant, payer: wallet.address, order: { era, commitment }, evidence });
	await ensureTaken(call, 'conduct.NotRefundable');
	const about = { merchant, commitment, words };
	return begin({ id: `complain.${merchant}.${commitment}`, kind: 'complain', about, account: wallet.address, sign: signed(call), call });
}

/** An opened recovery is called off by the key that is said to be lost. */
export async function object(): Promise<Entry> {
	const { api } = await chain();
	const call = api.tx.Customers.object_to_recovery();
	const id = nameOf('object');
	await ensureTaken(call, 'customers.NoRecovery');
	return begin({ id, kind: 'object', about: {}, account: wallet.address, sign: signed(call), call });
}

/** What shops know of this account is deleted on the chain. */
export async function forget(): Promise<Entry> {
	const { api } = await chain();
	const call = api.tx.Customers.forget();
	const id = nameOf('forget');
	await ensureTaken(call, wallet.customer ? 'customers.WindowOpen' : 'customers.NotRegistered');
	return begin({ id, kind: 'forget', about: {}, account: wallet.address, sign: signed(call), call });
}
