/** Customers with an empty wallet: registered, awarded, spending and objecting without ever paying a fee. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compactStripLength, u8aToHex } from '@polkadot/util';
import { type Call, type Chain, call, read, sleep } from '../lib/chain.ts';
import { consentBytes } from '@hanse/sdk/signed';
import type { KeyringPair } from '../lib/keys.ts';
import { type Node, startNode } from '../lib/node.ts';
import { amount } from '../lib/amount.ts';
import { type Receipt, eventData, send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, CHARLIE, DAY, UNIT, alice, bob, charlie, createProgram, customerOf, eraNow, eve, expectRefusals, firstVintage,
	flowsOf, json, moneyOf, newHash, newKey, newOrder, pointsOf, register, reserveOf, termsOf,
} from './support.ts';

/** A return window, in milliseconds. */
const PENDING = 8_000;
/** Sponsored calls of a person in a day. */
const QUOTA = 20;
/** What the pool answers to whom nobody pays a fee. */
const PAYMENT = /1010: Invalid Transaction: Inability to pay some fees/;

let node: Node;
let chain: Chain;
let era: number;
/** A program of Alice with a return window, and one of Charlie without; a cent and a hundredth of it a unit. */
let air: number;
let hotels: number;

before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
	[air, hotels] = await Promise.all([
		createProgram(chain, alice, 'AIR', { faceValue: 10_000, pending: PENDING }),
		createProgram(chain, charlie, 'COG', { faceValue: 100, decimals: 2 }),
	]);
	era = await eraNow(chain);
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

const issue = (program: number, to: KeyringPair, points: bigint, commitment = newOrder()) =>
	call(chain.api, 'points', 'issue', program, to.address, points, { era, commitment });
const pay = (merchant: number, price: bigint, program: number, maxPoints: bigint) =>
	call(chain.api, 'exchange', 'pay', merchant, { era, commitment: newOrder() }, price, [{ program, maxPoints }]);
const give = (program: number, to: KeyringPair, points: bigint) =>
	call(chain.api, 'assets', 'transfer', firstVintage(program), to.address, points);
const donate = (program: number, to: KeyringPair, points: bigint) =>
	call(chain.api, 'points', 'donate', program, to.address, points);

const has = ({ events }: Receipt, section: string, method: string) =>
	events.some(({ event }) => event.section === section && event.method === method);
const budgetOf = async (institution: number) => {
	const { all, strangers } = await json(chain, 'sponsorship', 'budgets', institution);
	return { all: amount(all), strangers: amount(strangers) };
};
const now = (): Promise<number> => json(chain, 'timestamp', 'now');
const portfolioOf = async (who: KeyringPair): Promise<{ holdings: any[] }> =>
	(await chain.api.call['hanseApi']?.['portfolio']?.(who.address, 1))?.toJSON() as { holdings: any[] };

/** Has `customer` send `wanted`, which must be sponsored by `sponsor`; the fee. */
async function sendSponsored(customer: KeyringPair, sponsor: number, wanted: Call): Promise<bigint> {
	const receipt = await send(chain, customer, wanted);
	const [who, whom, fee] = eventData(receipt, 'sponsorship', 'FeeSponsored');
	assert.deepEqual([who, whom], [sponsor, customer.address]);
	return amount(fee);
}

/** The pool does not take `wanted`: nobody pays for it. */
async function refusedForItsFee(customer: KeyringPair, wanted: Call): Promise<void> {
	const nonce = await chain.request<number>('system_accountNextIndex', customer.address);
	const signed = await wanted.signAsync(customer, { nonce });
	await assert.rejects(chain.request('author_submitExtrinsic', signed.toHex()), PAYMENT);
}

test('what the customer signs is what the chain says', async () => {
	const customer = newKey();
	const consent = { institution: 4, commitment: newHash(), tag: newHash(), mayRecover: true, until: 1_790_000_000_123 };
	const { institution, commitment, tag, mayRecover, until } = consent;
	const args = [institution, customer.address, commitment, tag, mayRecover, until];
	const said = await chain.api.call['hanseApi']?.['consent']?.(...args);
	const ours = consentBytes(chain.api.genesisHash.toHex(), customer.address, consent);
	// The library leaves the length of bytes in front of what a runtime API answers.
	const [, bytes] = compactStripLength(said?.toU8a(true) ?? new Uint8Array());
	assert.deepEqual(Buffer.from(bytes), Buffer.from(ours));
});

test('a till serves a customer whose wallet is empty, from the registration to the payment', async () => {
	const [customer, asset] = [newKey(), firstVintage(air)];
	await register(chain, alice, ALICE, customer);
	assert.equal((await customerOf(chain, customer)).registrar, ALICE);

	const awarded = await send(chain, alice, issue(air, customer, 500n));
	const matures = Number(eventData(awarded, 'points', 'PointsIssued')[5]);
	assert.equal(amount(await json(chain, 'points', 'pendingOf', customer.address, asset)), 500n);
	assert.equal(await pointsOf(chain, asset, customer), 0n);
	await refusedForItsFee(customer, pay(BOB, UNIT, air, 500n));
	assert.ok((await now()) < matures, 'the test was too slow for what it tests');

	// Nobody does anything for it.
	while ((await pointsOf(chain, asset, customer)) === 0n) {
		assert.ok((await now()) < matures + 5_000, 'it does not mature');
		await sleep(200);
	}
	assert.ok((await now()) >= matures);
	assert.equal(await pointsOf(chain, asset, customer), 500n);
	assert.equal(amount(await json(chain, 'points', 'pendingOf', customer.address, asset)), 0n);

	const payment = pay(BOB, UNIT, air, 500n);
	assert.equal((await payment.paymentInfo(customer)).partialFee.toBigInt(), 0n);
	const [money, budget, reserve] = [await moneyOf(chain, bob), await budgetOf(BOB), await reserveOf(chain, bob)];
	const fee = await sendSponsored(customer, BOB, payment);
	assert.ok(fee > 0n);
	assert.equal(await moneyOf(chain, bob), money - fee);
	assert.deepEqual(await budgetOf(BOB), { ...budget, all: budget.all + fee });
	assert.equal(await reserveOf(chain, bob), reserve + UNIT - UNIT / 200n);
	assert.equal(await pointsOf(chain, asset, customer), 400n);
	assert.equal(await moneyOf(chain, customer), 0n);
	const { left, sponsoredLeft } = await customerOf(chain, customer);
	assert.deepEqual([amount(left), sponsoredLeft], [999n * UNIT, QUOTA - 1]);
});

test('an award is taken back within the return window, and not after it', async () => {
	const [customer, order] = [newKey(), newOrder()];
	const { cancelled = 0n } = await flowsOf(chain, air);
	const receipt = await send(chain, alice, issue(air, customer, 70n, order));
	const [, asset, , , named] = eventData(receipt, 'points', 'PointsIssued');
	assert.equal(named, order);
	// What is taken back in all: a repeat takes nothing more.
	const cancel = (total: bigint) => call(chain.api, 'points', 'cancelAward', air, order, total);
	await expectRefusals(chain, [['another institution', bob, cancel(30n), 'points.NotIssuer']]);
	const taken = await send(chain, alice, cancel(30n));
	assert.deepEqual(eventData(taken, 'points', 'AwardCancelled'), [air, asset, customer.address, order, 30]);
	await send(chain, alice, cancel(30n));
	assert.equal(amount(await json(chain, 'points', 'pendingOf', customer.address, asset)), 40n);
	await expectRefusals(chain, [['more than was awarded', alice, cancel(71n), 'points.MoreThanAwarded']]);
	await send(chain, alice, cancel(70n));
	assert.equal((await flowsOf(chain, air))['cancelled'], cancelled + 70n);
	const ofHotels = call(chain.api, 'points', 'cancelAward', hotels, order, 70n);
	await expectRefusals(chain, [
		['of an order that nobody placed', alice, call(chain.api, 'points', 'cancelAward', air, newOrder(), 1n), 'points.NotPending'],
		['points without a return window', charlie, ofHotels, 'points.NotPending'],
		['what nobody has to wait for', eve, call(chain.api, 'points', 'mature', 10), 'points.NothingDue'],
		['an order that was served', alice, issue(air, customer, 70n, order), 'points.AlreadyIssued'],
	]);
});

test('somebody whom nobody registered gives points away for free, if they are worth a tenth of a unit', async () => {
	const [stranger, friend] = [newKey(), newKey()];
	await send(chain, charlie, issue(hotels, stranger, 5_000n));
	assert.equal(await customerOf(chain, stranger), null);
	const budget = await budgetOf(CHARLIE);
	const fees = [
		await sendSponsored(stranger, CHARLIE, give(hotels, friend, 1_000n)),
		await sendSponsored(stranger, CHARLIE, donate(hotels, friend, 1_000n)),
	];
	const fee = fees.reduce((total, own) => total + own, 0n);
	assert.deepEqual(await budgetOf(CHARLIE), { all: budget.all + fee, strangers: budget.strangers + fee });
	assert.equal(await pointsOf(chain, firstVintage(hotels), friend), 2_000n);
	assert.equal(await moneyOf(chain, stranger), 0n);
	await refusedForItsFee(stranger, give(hotels, friend, 999n));
	await refusedForItsFee(stranger, pay(CHARLIE, UNIT / 10n, hotels, 5_000n));
});

test('beyond the quota of a day the own balance pays, and without one the transaction is refused', async () => {
	const [customer, friend] = [newKey(), newKey()];
	await register(chain, charlie, CHARLIE, customer);
	await send(chain, charlie, issue(hotels, customer, 1_000n));
	// What customers do in one go is counted one by one.
	for (const calls of [16, QUOTA - 16]) {
		const gifts = Array.from({ length: calls }, () => give(hotels, friend, 1n));
		await sendSponsored(customer, CHARLIE, call(chain.api, 'utility', 'batchAll', gifts));
	}
	assert.equal((await customerOf(chain, customer)).sponsoredLeft, 0);
	await refusedForItsFee(customer, give(hotels, friend, 1n));

	await send(chain, eve, call(chain.api, 'balances', 'transferKeepAlive', customer.address, UNIT));
	const budget = await budgetOf(CHARLIE);
	const told = (await give(hotels, friend, 1n).paymentInfo(customer)).partialFee.toBigInt();
	const paid = await send(chain, customer, give(hotels, friend, 1n));
	const [whom, fee] = eventData(paid, 'transactionPayment', 'TransactionFeePaid');
	assert.ok(!has(paid, 'sponsorship', 'FeeSponsored') && amount(fee) > 0n && amount(fee) <= told);
	assert.equal(whom, customer.address);
	assert.equal(await moneyOf(chain, customer), UNIT - amount(fee));
	assert.deepEqual(await budgetOf(CHARLIE), budget);

	await send(chain, customer, call(chain.api, 'balances', 'transferAll', eve.address, false));
	await refusedForItsFee(customer, give(hotels, friend, 1n));
	assert.equal(await pointsOf(chain, firstVintage(hotels), customer), 1_000n - BigInt(QUOTA) - 1n);
});

test('a devaluation is announced, and leaves alone what was awarded before', async () => {
	const customer = newKey();
	const terms = { faceValue: 10_000, decimals: 0, period: 10_000, validity: 60_000, pending: 0 };
	const program = await createProgram(chain, bob, 'OLD', terms);
	await send(chain, bob, issue(program, customer, 100n));
	const revised = await send(chain, bob, call(chain.api, 'points', 'reviseTerms', program, termsOf({ ...terms, faceValue: 5_000 })));
	type Revised = [program: number, old: typeof terms, terms: typeof terms, from: number];
	const [id, was, will, from] = eventData(revised, 'points', 'TermsRevised') as Revised;
	assert.deepEqual([id, was.faceValue, will.faceValue], [program, 10_000, 5_000]);
	const { revision } = await json(chain, 'points', 'programs', program);
	assert.deepEqual([revision.from, revision.terms.faceValue], [from, 5_000]);
	assert.ok((await now()) < from, 'the test was too slow for what it tests');

	while ((await now()) < from) await sleep(200);
	const opened = await send(chain, bob, issue(program, customer, 100n));
	assert.deepEqual(eventData(opened, 'points', 'VintageOpened').slice(0, 3), [program, firstVintage(program) + 1, 5_000]);
	const { holdings } = await portfolioOf(customer);
	const seen = holdings.map(({ asset, amount: points, value }) => [asset, amount(points), amount(value)]);
	assert.deepEqual(seen, [[firstVintage(program), 100n, UNIT], [firstVintage(program) + 1, 100n, UNIT / 2n]]);
	await expectRefusals(chain, [
		['other decimals', bob, call(chain.api, 'points', 'reviseTerms', program, termsOf({ ...terms, decimals: 1 })), 'points.InvalidDecimals'],
		['another one\'s program', alice, call(chain.api, 'points', 'reviseTerms', program, termsOf(terms)), 'points.NotIssuer'],
	]);
});

test('whoever still has the key objects to a recovery for free', async () => {
	const [customer, successor] = [newKey(), newKey()];
	await register(chain, charlie, CHARLIE, customer);
	await send(chain, charlie, issue(hotels, customer, 1_000n));
	const until = Date.now() + 600_000;
	// The library leaves the length in front of bytes that a read returns.
	const accepted = await read(chain.api, 'acceptance', CHARLIE, customer.address, successor.address, until);
	const [, content] = compactStripLength(accepted.toU8a(true));
	const signature = { Sr25519: u8aToHex(successor.sign(content)) };
	const recover = call(
		chain.api, 'customers', 'openRecovery', customer.address, successor.address, [firstVintage(hotels)], until, signature,
	);
	await expectRefusals(chain, [
		['another institution', alice, recover, 'customers.NotRegistrar'],
		['a stranger', eve, recover, 'BadOrigin'],
	]);
	const opened = await send(chain, charlie, recover);
	const [old, to, institution, due, worth] = eventData(opened, 'customers', 'RecoveryOpened');
	assert.deepEqual([old, to, institution, amount(worth)], [customer.address, successor.address, CHARLIE, UNIT / 10n]);
	assert.ok(Number(due) >= (await now()) + 13 * DAY, 'there is no time to object');
	await expectRefusals(chain, [
		['completed at once', eve, call(chain.api, 'customers', 'completeRecovery', customer.address), 'customers.TooEarly'],
		['unregistered meanwhile', charlie, call(chain.api, 'customers', 'unregister', customer.address), 'customers.RecoveryOpen'],
	]);

	const [money, budget] = [await moneyOf(chain, charlie), await budgetOf(CHARLIE)];
	const object = call(chain.api, 'customers', 'objectToRecovery');
	assert.equal((await object.paymentInfo(customer)).partialFee.toBigInt(), 0n);
	const objected = await send(chain, customer, object);
	assert.deepEqual(eventData(objected, 'customers', 'RecoveryCancelled'), [customer.address, CHARLIE, 'Objected']);
	assert.ok(!has(objected, 'sponsorship', 'FeeSponsored'));
	assert.deepEqual([await moneyOf(chain, charlie), await budgetOf(CHARLIE)], [money, budget]);
	assert.equal(await json(chain, 'customers', 'recoveries', customer.address), null);
	assert.equal(await pointsOf(chain, firstVintage(hotels), customer), 1_000n);
	assert.equal((await customerOf(chain, customer)).sponsoredLeft, QUOTA);
	// Once is enough, and the second time it would not be free.
	await refusedForItsFee(customer, object);
});
