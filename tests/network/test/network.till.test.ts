/** What a till relies on: a payment happens once whatever becomes of its connection, and it can be taken back. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { compactStripLength, u8aToHex } from '@polkadot/util';
import { type Call, type Chain, call, messageOf, read, sleep } from '../lib/chain.ts';
import { Refused } from '../lib/errors.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { type Node, startNode } from '../lib/node.ts';
import { eventData, send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, UNIT, alice, bob, charlie, createProgram, eraNow, eve, expectRefusals, expectUnsponsored, firstVintage, flowsOf, json, newKey,
	newOrder, pointsOf, receiptOf, register, reserveOf,
} from './support.ts';

/** What a customer has before each test: points of Alice, a cent each. */
const POINTS = 1_000n;
/** At Bob's till: 124 points, the last of which is not quite used up. */
const PRICE = 1_234_567n;
const INTERCHANGE = 6_173n;

let node: Node;
let chain: Chain;
let era: number;
let air: number;
/** One for each test, with empty wallets. */
const customers = Array.from({ length: 6 }, newKey);
let customer: KeyringPair;
let order: string;

before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
	air = await createProgram(chain, alice, 'AIR', { faceValue: 10_000 });
	era = await eraNow(chain);
	await register(chain, alice, ALICE, ...customers);
	const awards = customers.map(({ address }) => ({ to: address, amount: POINTS, order: newOrder() }));
	await send(chain, alice, call(chain.api, 'points', 'issueBatch', air, era, awards));
});
beforeEach(() => {
	order = newOrder();
	customer = customers.pop() ?? assert.fail('more tests than customers');
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

const payment = (at: Chain, method: 'pay' | 'authorize', price: bigint) =>
	call(at.api, 'exchange', method, BOB, { era, commitment: order }, price, [{ program: air, maxPoints: POINTS }]);
const refund = (total: bigint) => call(chain.api, 'exchange', 'refund', customer.address, { era, commitment: order }, total);
const capture = (value: bigint, last: boolean) =>
	call(chain.api, 'exchange', 'capture', customer.address, { era, commitment: order }, value, last);
const voided = () => call(chain.api, 'exchange', 'void', BOB, customer.address, { era, commitment: order });

const held = () => pointsOf(chain, firstVintage(air), customer);
const receipt = () => receiptOf(chain, BOB, customer, order);
const claimsOf = async (institution: number) => {
	const { accrued, earmarked } = await json(chain, 'clearing', 'encumbrances', institution);
	return { accrued: amount(accrued), earmarked: amount(earmarked) };
};
/** All that a payment moves but the customer's points. */
const money = async () => ({
	alice: await reserveOf(chain, alice), bob: await reserveOf(chain, bob), ...(await claimsOf(ALICE)),
});
const authorised = () => json(chain, 'exchange', 'authorisations', [BOB, customer.address, order]);

/** The customer's signature under the payment, as the till sends it. */
async function signed(at: Chain): Promise<Call> {
	const nonce = await at.request<number>('system_accountNextIndex', customer.address);
	return payment(at, 'pay', PRICE).signAsync(customer, { nonce });
}

/** A till that came back has the order paid again, for all it knows. */
async function retry(): Promise<void> {
	try {
		await send(chain, customer, payment(chain, 'pay', PRICE));
	} catch (error) {
		const isPaid = error instanceof Refused && error.reason === 'exchange.AlreadyPaid';
		// The pool has the first one, under the same nonce: it will be in a block.
		const isInPool = !(error instanceof Refused) && /101[0-4]:|the pool says Invalid/.test(messageOf(error));
		if (!isPaid && !isInPool) throw error;
	}
	for (let i = 0; i < 100 && !(await receipt()); i++) await sleep(100);
}

async function assertPaidOnce(before: Awaited<ReturnType<typeof money>>): Promise<void> {
	assert.equal(await held(), POINTS - 124n);
	const net = PRICE - INTERCHANGE;
	assert.deepEqual(await money(), {
		alice: before.alice - net, bob: before.bob + net, accrued: before.accrued + INTERCHANGE, earmarked: before.earmarked,
	});
	assert.equal(amount((await receipt()).price), PRICE);
	await expectUnsponsored(chain, customer, payment(chain, 'pay', PRICE));
	assert.equal(await held(), POINTS - 124n);
}

test('a till that is cut off before the node answers pays once', async () => {
	const before = await money();
	const cut = await node.chain();
	const first = await signed(cut);
	cut.request('author_submitExtrinsic', first.toHex()).catch(() => {});
	await cut.close();
	// Whether the payment got there nobody knows.
	await retry();
	await assertPaidOnce(before);
});

test('a till that is cut off before the payment is in a block pays once, and the pool does not take it twice', async () => {
	const before = await money();
	const cut = await node.chain();
	const first = await signed(cut);
	await cut.request('author_submitExtrinsic', first.toHex());
	await cut.close();
	await assert.rejects(chain.request('author_submitExtrinsic', first.toHex()), /101[0-4]/);
	for (let i = 0; i < 100 && !(await receipt()); i++) await sleep(100);
	await assertPaidOnce(before);
});

test('a refund in two parts gives all points back, and all that was owed', async () => {
	const [before, flows] = [await money(), await flowsOf(chain, air)];
	const returned = amount(await json(chain, 'clearing', 'refundTurnover', ALICE, BOB));
	await send(chain, customer, payment(chain, 'pay', PRICE));
	await expectRefusals(chain, [
		['by another member', charlie, refund(1n), 'exchange.NotFound'],
		['by somebody who is no member', eve, refund(1n), 'BadOrigin'],
		['of nothing', bob, refund(0n), 'exchange.ZeroAmount'],
		['of more than was paid', bob, refund(PRICE + 1n), 'exchange.RefundTooLarge'],
	]);

	const first = await send(chain, bob, refund(400_000n));
	assert.deepEqual(eventData(first, 'exchange', 'Refunded'), [BOB, customer.address, { era, commitment: order }, 400_000, 400_000]);
	// 124 points × 400,000 ÷ 1,234,567, rounded down.
	assert.equal(await held(), POINTS - 124n + 40n);
	assert.equal((await receipt()).refunded, 400_000);
	// The answer was lost, says the till, and sends it again: that is no other refund.
	await send(chain, bob, refund(400_000n));
	assert.equal(await held(), POINTS - 124n + 40n);
	await send(chain, bob, refund(PRICE));
	assert.equal(await held(), POINTS);
	assert.deepEqual(await money(), before);
	assert.equal((await flowsOf(chain, air))['reinstated'], (flows['reinstated'] ?? 0n) + 124n);
	assert.equal(amount(await json(chain, 'clearing', 'refundTurnover', ALICE, BOB)), returned + PRICE - INTERCHANGE);
	const { refunded, parts: [part] } = await receipt();
	assert.deepEqual([amount(refunded), part.returned, part.released], [PRICE, 124, Number(INTERCHANGE)]);
	await expectRefusals(chain, [['more than was paid', bob, refund(PRICE + 1n), 'exchange.RefundTooLarge']]);
	await expectUnsponsored(chain, customer, payment(chain, 'pay', PRICE));
});

test('of what a customer authorised the merchant takes a part, and the rest comes back', async () => {
	const before = await money();
	await send(chain, customer, payment(chain, 'authorize', 3n * UNIT));
	assert.equal(await held(), POINTS - 300n);
	// Nothing is paid, and what it needs is kept.
	const kept = { accrued: before.accrued + 15_000n, earmarked: before.earmarked + 2_985_000n };
	assert.deepEqual(await money(), { ...before, ...kept });
	assert.equal(amount((await authorised()).price), 3n * UNIT);
	await expectRefusals(chain, [
		['ended by somebody else', eve, voided(), 'exchange.AuthorisationRuns'],
		['captured by another member', charlie, capture(PRICE, true), 'exchange.NotFound'],
		['more than was authorised', bob, capture(3n * UNIT + 1n, true), 'exchange.CaptureTooLarge'],
	]);

	await expectUnsponsored(chain, customer, payment(chain, 'pay', PRICE));

	await send(chain, bob, capture(PRICE, true));
	assert.equal(await authorised(), null);
	await assertPaidOnce(before);
	await expectRefusals(chain, [['captured again', bob, capture(1n, true), 'exchange.NotFound']]);
	await send(chain, bob, refund(PRICE));
	assert.equal(await held(), POINTS);
});

test('what is void was never paid, and all points are back', async () => {
	const before = await money();
	await send(chain, customer, payment(chain, 'authorize', 3n * UNIT));
	const ended = await send(chain, bob, voided());
	assert.deepEqual(eventData(ended, 'exchange', 'AuthorisationVoided'), [BOB, customer.address, { era, commitment: order }, Number(3n * UNIT)]);
	assert.equal(await held(), POINTS);
	assert.deepEqual(await money(), before);
	assert.deepEqual([await receipt(), await authorised()], [null, null]);
	await expectRefusals(chain, [['captured too late', bob, capture(PRICE, true), 'exchange.NotFound']]);
	await send(chain, customer, payment(chain, 'pay', PRICE));
	await assertPaidOnce(before);
});

test('a till presents what customers signed without a network, each on its own, and none twice', async () => {
	const { api } = chain;
	const legs = [{ program: air, maxPoints: POINTS }];
	const until = Date.now() + 600_000;
	const signedBy = async (payer: KeyringPair, commitment = newOrder()) => {
		const paid = { era, commitment };
		const bytes = await read(api, 'slip', BOB, payer.address, paid, PRICE, legs, until);
		// The library leaves the length in front of bytes that a read returns.
		const [, content] = compactStripLength(bytes.toU8a(true));
		return { payer: payer.address, order: paid, price: PRICE, legs, until, signature: { Sr25519: u8aToHex(payer.sign(content)) } };
	};
	const present = (...slips: unknown[]) => call(api, 'exchange', 'presentSlips', slips);
	const good = await signedBy(customer);
	const stranger = await signedBy(newKey());
	const forged = { ...(await signedBy(customer)), price: 2n * PRICE };
	const presented = await send(chain, bob, present(stranger, good, forged, good));
	assert.deepEqual(eventData(presented, 'exchange', 'SlipsPresented'), [BOB, 1, 3]);
	const refused = presented.events.filter(({ event }) => event.method === 'SlipRefused').map(({ event }) => Number(event.data[1]?.toString()));
	assert.deepEqual(refused, [0, 2, 3]);
	assert.equal(await held(), POINTS - 124n);
	assert.deepEqual(eventData(await send(chain, bob, present(good)), 'exchange', 'SlipsPresented'), [BOB, 0, 1]);
	assert.deepEqual(eventData(await send(chain, charlie, present(await signedBy(customer))), 'exchange', 'SlipsPresented').slice(1), [0, 1]);
	assert.equal(await held(), POINTS - 124n);
	await expectRefusals(chain, [['no slips', bob, present(), 'exchange.NoSlips'], ['by somebody who is no member', eve, present(good), 'BadOrigin']]);
});
