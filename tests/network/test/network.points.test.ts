/** Points from the till to another shop's till, and what is refused on the way, by its name. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, sleep } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { amount } from '../lib/amount.ts';
import { eventData, send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, CHARLIE, MAX_U128, UNIT, alice, bob, charlie, createProgram, customerOf, dave, eraNow, eve,
	expectRefusals, ferdie, firstVintage, flowsOf, json, moneyOf, newKey, newOrder, outstandingOf, pointsOf, receiptOf,
	register, reserveOf, termsOf, type Terms,
} from './support.ts';

let node: Node;
let chain: Chain;
let era: number;
/** Programs of Alice, Bob and Dave: 10,000, 2,500 and 40 micro-units a smallest unit. */
let air: number;
let books: number;
let store: number;

before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
	[air, books, store] = await Promise.all([
		createProgram(chain, alice, 'AIR', { faceValue: 10_000 }),
		createProgram(chain, bob, 'BOOK', { faceValue: 2_500, decimals: 1 }),
		createProgram(chain, dave, 'STORE', { faceValue: 40, decimals: 3 }),
	]);
	await register(chain, alice, ALICE, eve, ferdie);
	era = await eraNow(chain);
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

const issue = (program: number, to: string, points: bigint, order = newOrder(), inEra = era) =>
	call(chain.api, 'points', 'issue', program, to, points, { era: inEra, commitment: order });
const award = (to: string, amount: bigint, order = newOrder()) => ({ to, amount, order });
const issueBatch = (program: number, awards: ReturnType<typeof award>[]) =>
	call(chain.api, 'points', 'issueBatch', program, era, awards);
const pay = (merchant: number, price: bigint, legs: [program: number, max: bigint][], order = newOrder(), inEra = era) => {
	const all = legs.map(([program, maxPoints]) => ({ program, maxPoints }));
	return call(chain.api, 'exchange', 'pay', merchant, { era: inEra, commitment: order }, price, all);
};
const answer = async (read: string, ...args: unknown[]): Promise<any> => (await chain.api.call['hanseApi']?.[read]?.(...args))?.toJSON();
const accruedOf = async (institution: number) => amount((await json(chain, 'clearing', 'encumbrances', institution)).accrued);
const exchange = (from: number, points: bigint, to: number, minOut: bigint) =>
	call(chain.api, 'exchange', 'exchange', from, points, to, minOut);

test('points reach somebody who never had an account, and make one', async () => {
	const newcomer = newKey();
	await send(chain, alice, issue(air, newcomer.address, 1_000n));
	assert.equal(await pointsOf(chain, firstVintage(air), newcomer), 1_000n);
	const { providers, sufficients, data } = await json(chain, 'system', 'account', newcomer.address);
	assert.deepEqual([providers, sufficients, data.free], [0, 1, 0]);
	assert.equal((await flowsOf(chain, air))['issued'], 1_000n);
	assert.equal(await outstandingOf(chain, ALICE), 1_000n * 10_000n);
});

test('a vintage shows its name, symbol and decimals to wallets', async () => {
	await send(chain, bob, issue(books, eve.address, 1n));
	const { name, symbol, decimals } = await json(chain, 'assets', 'metadata', firstVintage(books));
	const text = (hex: string) => Buffer.from(hex.slice(2), 'hex').toString();
	assert.deepEqual([text(name), text(symbol), decimals], ['BOOK points 1', 'BOOK-1', 1]);
	assert.equal((await json(chain, 'assets', 'asset', firstVintage(books))).isSufficient, true);
});

test('a batch of awards arrives as a whole', async () => {
	const before = [await pointsOf(chain, firstVintage(books), eve), await pointsOf(chain, firstVintage(books), ferdie)] as const;
	const receipt = await send(chain, bob, issueBatch(books, [
		award(eve.address, 40_000n),
		award(ferdie.address, 500n),
		award(eve.address, 2_000n),
	]));
	assert.deepEqual(eventData(receipt, 'points', 'BatchIssued').slice(3), [3, 42_500, null]);
	assert.equal(await pointsOf(chain, firstVintage(books), eve), before[0] + 42_000n);
	assert.equal(await pointsOf(chain, firstVintage(books), ferdie), before[1] + 500n);
});

test('an order that was served already is left out of a batch and named, and the others are served', async () => {
	const [served, twin] = [newOrder(), newOrder()];
	await send(chain, bob, issue(books, eve.address, 10n, served));
	const before = await pointsOf(chain, firstVintage(books), eve);
	const receipt = await send(chain, bob, issueBatch(books, [
		award(eve.address, 10n, served), award(eve.address, 20n, twin), award(eve.address, 20n, twin), award(eve.address, 30n),
	]));
	const [, , skipped] = eventData(receipt, 'points', 'AwardsSkipped');
	assert.deepEqual(skipped, [{ place: 0, order: served }, { place: 2, order: twin }]);
	assert.equal(await pointsOf(chain, firstVintage(books), eve), before + 50n);
});

test('a batch of 500 awards fits a block, and one of 501 is no batch', async () => {
	const awards = (n: number) => Array.from({ length: n }, () => award(newKey().address, 1n));
	const receipt = await send(chain, dave, issueBatch(store, awards(500)));
	assert.equal(eventData(receipt, 'points', 'BatchIssued')[3], 500);
	const tooLarge = await issueBatch(store, awards(501)).signAsync(dave);
	await assert.rejects(chain.request('author_submitExtrinsic', tooLarge.toHex()), /1002/);
});

test("a delegate's awards do not wait for each other, whatever it owns", async () => {
	const { api } = chain;
	const delegate = newKey();
	const gift = call(api, 'balances', 'transferKeepAlive', delegate.address, 10n * UNIT);
	await send(chain, bob, call(api, 'utility', 'batchAll', [gift, call(api, 'proxy', 'addProxy', delegate.address, 'Issue', 0)]));
	const next = () => chain.request<number>('system_accountNextIndex', delegate.address);
	const bestNow = async () => (await api.rpc.chain.getHeader()).number.toNumber();
	const [first, from, count] = [await next(), await bestNow(), 40];
	for (let nonce = first; nonce < first + count; nonce++) {
		const award = call(api, 'proxy', 'proxy', bob.address, 'Issue', issue(books, newKey().address, 1n));
		await chain.request('author_submitExtrinsic', (await award.signAsync(delegate, { nonce })).toHex());
	}
	while ((await json(chain, 'system', 'account', delegate.address)).nonce < first + count) await sleep(200);
	assert.ok((await bestNow()) - from <= count / 4, `it took ${(await bestNow()) - from} blocks`);
});

test('points are given away with the transfer that every wallet sends', async () => {
	const asset = firstVintage(books);
	const [giver, receiver] = [await pointsOf(chain, asset, eve), await pointsOf(chain, asset, ferdie)];
	const flows = await flowsOf(chain, books);
	await send(chain, eve, call(chain.api, 'assets', 'transfer', asset, ferdie.address, 123n));
	assert.equal(await pointsOf(chain, asset, eve), giver - 123n);
	assert.equal(await pointsOf(chain, asset, ferdie), receiver + 123n);
	assert.deepEqual(await flowsOf(chain, books), flows);
});

test('points of two shops pay at a third, and the money moves in the same block', async () => {
	await send(chain, alice, issue(air, eve.address, 1_000n));
	const reserves = await Promise.all([alice, bob, charlie].map((who) => reserveOf(chain, who)));
	const accrued = [await accruedOf(ALICE), await accruedOf(BOB)] as const;
	const order = newOrder();
	// 3.00 in AIR, and 1.234567 in BOOK: 494 of 2,500 micro-units, the last of them not quite used up.
	const receipt = await send(chain, eve, pay(CHARLIE, 4_234_567n, [[air, 300n], [books, 40_000n]], order));
	assert.deepEqual(eventData(receipt, 'exchange', 'Paid').slice(0, 2), [CHARLIE, eve.address]);
	assert.deepEqual(await Promise.all([alice, bob, charlie].map((who) => reserveOf(chain, who))), [
		(reserves[0] ?? 0n) - 2_985_000n, (reserves[1] ?? 0n) - 1_228_394n, (reserves[2] ?? 0n) + 4_213_394n,
	]);
	// Half a per cent, rounded up, until the payment can no longer be refunded.
	assert.deepEqual(await Promise.all([ALICE, BOB].map(accruedOf)), [accrued[0] + 15_000n, accrued[1] + 6_173n]);
	assert.equal((await flowsOf(chain, air))['redeemedAtPartners'], 300n);
	assert.equal((await flowsOf(chain, books))['redeemedAtPartners'], 494n);
	const kept = await receiptOf(chain, CHARLIE, eve, order);
	assert.deepEqual([amount(kept.price), kept.refunded], [4_234_567n, 0]);
	const none = { returned: 0, released: 0, carried: 0, capture: 0 };
	assert.deepEqual(kept.parts, [
		{ burn: { asset: firstVintage(air), points: 300, value: 3_000_000 }, interchange: 15_000, ...none },
		{ burn: { asset: firstVintage(books), points: 494, value: 1_234_567 }, interchange: 6_173, ...none },
	]);
	assert.equal(amount(await json(chain, 'clearing', 'turnover', BOB, CHARLIE)), 1_228_394n);
});

test('points pay at home without any money', async () => {
	const [reserve, accrued] = [await reserveOf(chain, alice), await accruedOf(ALICE)];
	await send(chain, eve, pay(ALICE, 50_000n, [[air, 1_000n]]));
	assert.deepEqual([await reserveOf(chain, alice), await accruedOf(ALICE)], [reserve, accrued]);
	assert.equal((await flowsOf(chain, air))['redeemedAtHome'], 5n);
});

test('points of one shop become points of another at their face values, less interchange', async () => {
	const [reserveOfBob, reserveOfAlice] = [await reserveOf(chain, bob), await reserveOf(chain, alice)];
	const accrued = await accruedOf(BOB);
	assert.equal((await answer('quoteExchange', eve.address, books, 403n, air)).ok, 100);
	const receipt = await send(chain, eve, exchange(books, 403n, air, 100n));
	assert.deepEqual(eventData(receipt, 'exchange', 'Exchanged').slice(1), [books, 403, air, 100, 1_007_500]);
	// 5,037.5 micro-units of interchange, rounded up, go to the pot at once.
	assert.equal(await reserveOf(chain, bob), reserveOfBob - 1_007_500n);
	assert.equal(await reserveOf(chain, alice), reserveOfAlice + 1_002_462n);
	assert.equal(await accruedOf(BOB), accrued);
	assert.equal(amount((await json(chain, 'clearing', 'reserveFlowsOf', BOB)).interchange), 5_038n);
	assert.equal((await flowsOf(chain, air))['exchangedIn'], 100n);
	assert.equal((await flowsOf(chain, books))['exchangedOut'], 403n);
});

test('an award that must not be is refused by name, and nothing is issued', async () => {
	const order = newOrder();
	await send(chain, alice, issue(air, eve.address, 10n, order));
	const before = await Promise.all([flowsOf(chain, air), outstandingOf(chain, ALICE), pointsOf(chain, firstVintage(air), eve)]);
	const to = eve.address;
	await expectRefusals(chain, [
		['unknown program', alice, issue(999, to, 1n), 'points.NotFound'],
		['not a member', eve, issue(air, to, 1n), 'BadOrigin'],
		['not the issuer', bob, issue(air, to, 1n), 'points.NotIssuer'],
		['zero', alice, issue(air, to, 0n), 'points.ZeroAmount'],
		['the largest number', alice, issue(air, to, MAX_U128), 'points.OverLiabilityCap'],
		['beyond the liability cap', alice, issue(air, to, 20_000_000n), 'points.OverLiabilityCap'],
		['an order twice', alice, issue(air, to, 10n, order), 'points.AlreadyIssued'],
		['zero in a batch', alice, issueBatch(air, [award(to, 1n), award(to, 0n)]), 'points.BadAward'],
		['a sum that no balance holds', alice, issueBatch(air, [award(to, MAX_U128), award(to, 1n)]), 'points.BadAward'],
		['no awards', alice, issueBatch(air, []), 'points.NoAwards'],
		['an order of more than a week ago', alice, issue(air, to, 1n, newOrder(), era - 8), 'points.EraNotOpen'],
		['an order of tomorrow', alice, issue(air, to, 1n, newOrder(), era + 1), 'points.EraNotOpen'],
	]);
	const after = await Promise.all([flowsOf(chain, air), outstandingOf(chain, ALICE), pointsOf(chain, firstVintage(air), eve)]);
	assert.deepEqual(after, before);
});

test('a program that must not be is refused by name', async () => {
	const terms = { faceValue: 1, decimals: 0, period: 10_000, validity: 60_000, pending: 0 };
	const create = (name: string, symbol: string, others: Partial<Terms>) =>
		call(chain.api, 'points', 'createProgram', name, symbol, termsOf({ ...terms, ...others }));
	await expectRefusals(chain, [
		['not a member', eve, create('x', 'X', {}), 'BadOrigin'],
		['a symbol in small letters', alice, create('x', 'x', {}), 'points.InvalidLabel'],
		['no name', alice, create('', 'X', {}), 'points.InvalidLabel'],
		['a name of 33 bytes', alice, create('x'.repeat(33), 'X', {}), 'points.InvalidLabel'],
		['a name that nobody can tell from another', alice, create('B\u041e\u041eK points', 'X', {}), 'points.InvalidLabel'],
		['a name of another program', alice, create('book points', 'X', {}), 'points.NameTaken'],
		['a face value of zero', alice, create('x', 'X', { faceValue: 0 }), 'points.InvalidFaceValue'],
		['a face value above a cent', alice, create('x', 'X', { faceValue: 10_001 }), 'points.InvalidFaceValue'],
		['seven decimals', alice, create('x', 'X', { decimals: 7 }), 'points.InvalidDecimals'],
		['a period of nothing', alice, create('x', 'X', { period: 0 }), 'points.PeriodTooShort'],
		['a validity of seven periods', alice, create('x', 'X', { validity: 70_000 }), 'points.InvalidValidity'],
		['pending for more than half of the validity', alice, create('x', 'X', { pending: 30_001 }), 'points.InvalidPending'],
	]);
});

test('a payment that must not be is refused by name, and nothing is burned', async () => {
	const order = newOrder();
	await send(chain, eve, pay(CHARLIE, 10_000n, [[air, 1n]], order));
	const left = amount((await customerOf(chain, eve)).left);
	const balances = () => Promise.all([air, books].map((program) => pointsOf(chain, firstVintage(program), eve)));
	const before = await balances();
	await expectRefusals(chain, [
		['an order twice', eve, pay(CHARLIE, 10_000n, [[air, 1n]], order), 'exchange.AlreadyPaid'],
		['a price of zero', eve, pay(CHARLIE, 0n, [[air, 1n]]), 'exchange.PriceTooLow'],
		['the largest price', eve, pay(CHARLIE, MAX_U128, [[air, MAX_U128]]), 'customers.OverLimit'],
		['a price beyond what is left of the limit', eve, pay(CHARLIE, left + 1n, [[air, MAX_U128]]), 'customers.OverLimit'],
		['all that is left of it', eve, pay(CHARLIE, left, [[air, MAX_U128]]), 'exchange.PriceNotCovered'],
		['legs that cover too little', eve, pay(CHARLIE, 30_000n, [[air, 1n], [books, 7n]]), 'exchange.PriceNotCovered'],
		['no legs', eve, pay(CHARLIE, 10_000n, []), 'exchange.PriceNotCovered'],
		['a stranger who pays', dave, pay(CHARLIE, 10_000n, [[air, 1n]]), 'customers.NotRegistered'],
		['points that the payer does not have', ferdie, pay(CHARLIE, 10_000n, [[air, 1_000n]]), 'exchange.PriceNotCovered'],
		['an unknown program', eve, pay(CHARLIE, 10_000n, [[999, 1n]]), 'points.NotFound'],
		['an unknown merchant', eve, pay(999, 10_000n, [[air, 1n]]), 'institutions.NotFound'],
		['an order of more than a week ago', eve, pay(CHARLIE, 10_000n, [[air, 1n]], newOrder(), era - 8), 'exchange.EraNotOpen'],
		['an order of tomorrow', eve, pay(CHARLIE, 10_000n, [[air, 1n]], newOrder(), era + 1), 'exchange.EraNotOpen'],
	]);
	assert.deepEqual(await balances(), before);
});

test('an exchange that must not be is refused by name', async () => {
	await expectRefusals(chain, [
		['by a stranger', dave, exchange(books, 400n, air, 0n), 'customers.NotRegistered'],
		['less than expected', eve, exchange(books, 400n, air, 100n), 'exchange.BelowMinOut'],
		['into the same program', eve, exchange(books, 400n, books, 0n), 'exchange.SameProgram'],
		['nothing', eve, exchange(books, 0n, air, 0n), 'exchange.ZeroAmount'],
		['too little for one smallest unit', eve, exchange(books, 3n, air, 0n), 'points.ZeroAmount'],
		['more than there is', eve, exchange(books, MAX_U128, air, 0n), 'exchange.PointsTooFew'],
		['into an unknown program', eve, exchange(books, 400n, 999, 0n), 'points.NotFound'],
		['from an unknown program', eve, exchange(999, 400n, air, 0n), 'points.NotFound'],
	]);
});

test('a reserve that is too small stops payments until it is topped up', async () => {
	const [asset, price] = [firstVintage(store), 20n * UNIT];
	await send(chain, dave, issue(store, eve.address, 1_000_000n));
	const free = await moneyOf(chain, dave);
	const reserve = await reserveOf(chain, dave);
	const rest = 10n * UNIT;
	const drawn = await send(chain, dave, call(chain.api, 'clearing', 'drawDown', reserve - rest));
	assert.equal(await reserveOf(chain, dave), rest);
	const fee = amount(eventData(drawn, 'transactionPayment', 'TransactionFeePaid')[1]);
	assert.equal(await moneyOf(chain, dave), free + reserve - rest - fee);

	const points = await pointsOf(chain, asset, eve);
	await expectRefusals(chain, [
		['a payment beyond the reserve', eve, pay(ALICE, price, [[store, 1_000_000n]]), 'clearing.ReserveTooSmall'],
		['an exchange beyond the reserve', eve, exchange(store, 500_000n, air, 0n), 'clearing.ReserveTooSmall'],
		['a draw-down beyond the reserve', dave, call(chain.api, 'clearing', 'drawDown', rest + 1n), 'clearing.ReserveTooSmall'],
		['a draw-down of nothing', dave, call(chain.api, 'clearing', 'drawDown', 0n), 'clearing.ZeroAmount'],
		['a top-up beyond the balance', dave, call(chain.api, 'clearing', 'topUp', 10_000_000n * UNIT), 'clearing.FundsTooSmall'],
		['a top-up by a stranger', eve, call(chain.api, 'clearing', 'topUp', UNIT), 'BadOrigin'],
	]);
	assert.equal(await pointsOf(chain, asset, eve), points);

	await send(chain, dave, call(chain.api, 'clearing', 'topUp', reserve - rest));
	await send(chain, eve, pay(ALICE, price, [[store, 1_000_000n]]));
	assert.equal(await pointsOf(chain, asset, eve), points - 500_000n);
});

test('a draw-down that leaves too little behind the points is refused by name', async () => {
	// Bob's bond of 10,000 covers 40,000 by itself; points worth 50,000 need 2,500 in reserve for the cap, and
	// a tenth of their worth for the minimum.
	await send(chain, bob, issue(books, ferdie.address, 50_000n * 400n));
	const reserve = await reserveOf(chain, bob);
	await expectRefusals(chain, [
		['down to less than the cap needs', bob, call(chain.api, 'clearing', 'drawDown', reserve - 2_000n * UNIT), 'points.OverLiabilityCap'],
		['down to less than a tenth', bob, call(chain.api, 'clearing', 'drawDown', reserve - 4_000n * UNIT), 'points.BelowMinimumReserve'],
	]);
	assert.equal(await reserveOf(chain, bob), reserve);
});
