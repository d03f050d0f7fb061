/** What several tests of the network need. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { HexString } from '@polkadot/util/types';
import { type Call, type Chain, type State, call, sleep, storage } from '../lib/chain.ts';
import { registration } from '../lib/consent.ts';
import { Refused } from '../lib/errors.ts';
import { type KeyringPair, derived, wellKnown } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { eventData, send, submit } from '../lib/send.ts';

/** Micro-units of one settlement unit. */
export const UNIT = 1_000_000n;
export const MAX_U128 = 2n ** 128n - 1n;
export const DAY = 24 * 60 * 60 * 1000;

export const [alice, bob, charlie, dave, eve, ferdie] = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(wellKnown) as [
	KeyringPair, KeyringPair, KeyringPair, KeyringPair, KeyringPair, KeyringPair,
];
/** Institution ids of the founders. */
export const [ALICE, BOB, CHARLIE, DAVE] = [1, 2, 3, 4] as const;

/** A key that no account has used. */
export const newKey = () => derived(randomBytes(32), 'new');
/** A hash that no chain has seen. */
export const newHash = (): HexString => `0x${randomBytes(32).toString('hex')}`;
/** A commitment that stands for a new order. */
export const newOrder = newHash;
export const json = async (chain: Chain, section: string, item: string, ...keys: unknown[]): Promise<any> =>
	(await storage(chain.api, section, item)(...keys)).toJSON();

/** The record of a payment; nothing if there was none. */
export const receiptOf = (chain: Chain, merchant: number, payer: KeyringPair, order: string): Promise<any> =>
	json(chain, 'exchange', 'receipts', [merchant, payer.address, order]);

/** The asset of the first vintage of `program`. */
export const firstVintage = (program: number) => program * 65_536;

export async function pointsOf(chain: Chain, asset: number, who: KeyringPair): Promise<bigint> {
	const account = await json(chain, 'assets', 'account', asset, who.address);
	return account ? amount(account.balance) : 0n;
}

export async function moneyOf(chain: Chain, who: KeyringPair): Promise<bigint> {
	return amount((await json(chain, 'system', 'account', who.address)).data.free);
}

export async function reserveOf(chain: Chain, who: KeyringPair): Promise<bigint> {
	const holds: { id: { clearing?: string }; amount: unknown }[] = await json(chain, 'balances', 'holds', who.address);
	return holds.reduce((total, hold) => total + (hold.id.clearing === 'Reserve' ? amount(hold.amount) : 0n), 0n);
}

export async function flowsOf(chain: Chain, program: number): Promise<Record<string, bigint>> {
	const flows = await json(chain, 'points', 'flowsOf', program);
	return Object.fromEntries(Object.entries(flows).map(([name, value]) => [name, amount(value)]));
}

export async function outstandingOf(chain: Chain, institution: number): Promise<bigint> {
	return amount((await json(chain, 'points', 'liabilityOf', institution)).outstanding);
}

export interface Terms {
	faceValue: number;
	decimals: number;
	/** Milliseconds, as for all lengths of time. */
	period: number;
	validity: number;
	pending: number;
}

/** Terms as the chain takes them. */
export const termsOf = ({ period, ...others }: Terms) => ({ ...others, period: { Milliseconds: period } });

export async function createProgram(
	chain: Chain,
	issuer: KeyringPair,
	symbol: string,
	terms: Partial<Terms>,
): Promise<number> {
	const all = { faceValue: 100, decimals: 0, period: 30 * DAY, validity: 60 * DAY, pending: 0, ...terms };
	const receipt = await send(chain, issuer, call(chain.api, 'points', 'createProgram', `${symbol} points`, symbol, termsOf(all)));
	return Number(eventData(receipt, 'points', 'ProgramCreated')[1]);
}

/** What the chain says of a customer, as in `left` and `sponsoredLeft`; nothing of a stranger. */
export async function customerOf({ api }: Chain, who: KeyringPair): Promise<any> {
	return (await api.call['hanseApi']?.['customer']?.(who.address))?.toJSON();
}

/** What an institution did and what follows from it, as the runtime answers; nothing of a stranger. */
export async function standingOf(state: State, institution: number): Promise<any> {
	return (await state.call['hanseApi']?.['standing']?.(institution))?.toJSON();
}

/** Has the institution `id` of `registrar` register each of `customers`, with their signatures. */
export async function register(chain: Chain, registrar: KeyringPair, id: number, ...customers: KeyringPair[]): Promise<void> {
	const until = Date.now() + 600_000;
	const calls = customers.map((customer) =>
		registration(chain.api, customer, {
			institution: id, commitment: newHash(), tag: newHash(), mayRecover: true, until,
		}));
	await send(chain, registrar, call(chain.api, 'utility', 'batchAll', calls));
}

/** Nobody pays the fee of a call that would fail: the pool refuses what an empty wallet sends, and the chain says why. */
export async function expectUnsponsored(chain: Chain, who: KeyringPair, call: Call): Promise<void> {
	const answer = (await chain.api.call['hanseApi']?.['whoPays']?.(call.method, who.address))?.toJSON() as { payer: unknown; unsponsored: unknown };
	assert.equal(answer.payer, null);
	assert.ok(answer.unsponsored, 'no reason');
	await assert.rejects(send(chain, who, call), /Inability to pay some fees|the pool says Invalid/);
}

/** The chain's era of accounting, where eras are as long as they are from the start. */
export async function eraNow(chain: Chain, length = DAY): Promise<number> {
	// The state of genesis has no time.
	for (;;) {
		const now = await json(chain, 'timestamp', 'now');
		if (now > 0) return Math.floor(now / length);
		await sleep(100);
	}
}

export type Refusal = [what: string, signer: KeyringPair, call: Call, reason: string];

/** Sends all at once and expects each to fail in a block for exactly its reason, with an explanation. */
export async function expectRefusals(chain: Chain, refusals: Refusal[]): Promise<void> {
	const sent = [];
	for (const [what, signer, call, reason] of refusals) {
		sent.push({ what, reason, ...(await submit(chain, signer, call)) });
	}
	for (const { what, reason, done } of sent) {
		await assert.rejects(
			done,
			(error) => {
				assert.ok(error instanceof Refused, `${what}: ${error}`);
				assert.equal(error.reason, reason, what);
				// An error of a pallet says in words what is wrong.
				const ofPallet = reason.includes('.') && !/^(Arithmetic|Token)\./.test(reason);
				if (ofPallet) assert.ok(error.message.length > reason.length + 10, `${what}: no explanation`);
				return true;
			},
			what,
		);
	}
}
