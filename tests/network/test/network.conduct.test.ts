/** Customers complain for free, the chain or the members find for them, and members take a fine back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Codec } from '@polkadot/types/types';
import { type Chain, call, untilFinal, view } from '../lib/chain.ts';
import { History } from '../lib/history.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { close, openMotion, propose, tally, vote } from '../lib/motions.ts';
import { Network } from '../lib/network.ts';
import { eventData, send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { decide, sender } from './alliance.ts';
import {
	ALICE, BOB, CHARLIE, alice, bob, charlie, createProgram, customerOf, dave, eraNow, eve, expectRefusals, firstVintage,
	json, moneyOf, newHash, newKey, newOrder, pointsOf, receiptOf, register, reserveOf, standingOf,
} from './support.ts';

/** The fifth founder, so that two thirds are more than half. */
const EVE = 5;
/** The time that a merchant has to answer. */
const ANSWER = 10_000;
const MINUTE = 60_000;
/** What a customer has, in points of Alice, a cent each. */
const POINTS = 100n;
/** All of them: who is left with neither money nor points can still complain. */
const PRICE = POINTS * 10_000n;
const FINE = { member: CHARLIE, number: 1 };

const network = new Network(
	writeSpec({
		founders: ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve'],
		authorities: ['Alice'],
		rules: { answer: ANSWER, appeal: 5 * MINUTE, caseTime: 2 * MINUTE },
	}),
);
let chain: Chain;
let history: History;
let air: number;
let era: number;

before(async () => {
	({ chain } = (await network.authorities(['Alice'])).Alice);
	await untilFinal(chain.api, 1);
	history = await History.follow(chain);
	air = await createProgram(chain, alice, 'AIR', { faceValue: 10_000 });
	era = await eraNow(chain);
});
after(() => network.stop());

const pointsLeft = (customer: KeyringPair) => pointsOf(chain, firstVintage(air), customer);
const complain = (merchant: number, payer: KeyringPair, commitment: string) =>
	call(chain.api, 'conduct', 'fileComplaint', merchant, payer.address, { era, commitment }, newHash());
const answerUpTo = (number: number) => call(chain.api, 'conduct', 'answerComplaints', number, newHash());
const bring = (merchant: number, number: number) => call(chain.api, 'conduct', 'openCase', merchant, number);
const complaint = async (merchant: number, number: number): Promise<any> =>
	(await view(chain.api, 'Conduct', 'complaint', merchant, number)).toJSON();

async function heldFor(who: KeyringPair, reason: 'Fine' | 'Case'): Promise<bigint> {
	const holds: { id: { conduct?: string }; amount: unknown }[] = await json(chain, 'balances', 'holds', who.address);
	return amount(holds.find(({ id }) => id.conduct === reason)?.amount ?? 0);
}

/** A new customer of Alice, who has nothing but points and pays at `merchant`; the order. */
async function pay(customer: KeyringPair, merchant: number): Promise<string> {
	const order = newOrder();
	await register(chain, alice, ALICE, customer);
	const award = { era, commitment: newOrder() };
	await send(chain, alice, call(chain.api, 'points', 'issue', air, customer.address, POINTS, award));
	const leg = { program: air, maxPoints: POINTS };
	await send(chain, customer, call(chain.api, 'exchange', 'pay', merchant, { era, commitment: order }, PRICE, [leg]));
	assert.deepEqual([await pointsLeft(customer), await moneyOf(chain, customer)], [0n, 0n]);
	return order;
}

/** Has the customer, who has no money, complain; the number and the deadline. */
async function complainForFree(customer: KeyringPair, merchant: number, order: string): Promise<{ number: number; deadline: number }> {
	const filing = complain(merchant, customer, order);
	assert.equal((await filing.paymentInfo(customer)).partialFee.toBigInt(), 0n);
	const { sponsoredLeft } = await customerOf(chain, customer);
	const filed = await send(chain, customer, filing);
	const [, number, payer, , , price, deadline] = eventData(filed, 'conduct', 'ComplaintFiled');
	assert.deepEqual([payer, amount(price)], [customer.address, PRICE]);
	assert.ok(!filed.events.some(({ event }) => event.method === 'FeeSponsored'));
	// It is none of the calls that an institution pays for.
	assert.equal((await customerOf(chain, customer)).sponsoredLeft, sponsoredLeft);
	assert.equal(await moneyOf(chain, customer), 0n);
	return { number: Number(number), deadline: Number(deadline) };
}

test('a complaint costs nothing, and one without an answer is paid back by the chain itself', { timeout: 180_000 }, async () => {
	const customer = newKey();
	const before = await reserveOf(chain, bob);
	const order = await pay(customer, BOB);
	assert.ok((await reserveOf(chain, bob)) > before);
	await expectRefusals(chain, [
		['by somebody else', dave, complain(BOB, customer, order), 'conduct.NotPayer'],
		['about another merchant', dave, complain(CHARLIE, customer, order), 'conduct.NotRefundable'],
	]);
	const { number, deadline } = await complainForFree(customer, BOB, order);
	assert.equal(number, 1);
	// The second time would cost something.
	const nonce = await chain.request<number>('system_accountNextIndex', customer.address);
	const again = await complain(BOB, customer, order).signAsync(customer, { nonce });
	await assert.rejects(chain.request('author_submitExtrinsic', again.toHex()), /1010: Invalid Transaction/);

	const { block } = await history.wait('conduct.ComplaintClosed', 3 * ANSWER, { merchant: BOB, number });
	assert.deepEqual((await history.dataIn(block, 'conduct.ComplaintClosed'))[0]?.['outcome'], 'ChargedBack');
	assert.equal(amount((await history.dataIn(block, 'conduct.ChargedBack'))[0]?.['value']), PRICE);
	const [offence] = await history.dataIn(block, 'conduct.OffenceRecorded');
	const { member, offence: kind, demerits, fine } = offence ?? {};
	assert.deepEqual([member, kind, demerits, fine], [BOB, 'UnansweredComplaint', 20, null]);
	const now = (await (await chain.api.at(block)).query.timestamp.now()).toNumber();
	assert.ok(now >= deadline && now < deadline + 3_000, `paid back ${now - deadline} ms after the deadline`);
	const applied = await history.dataIn(block, 'system.ExtrinsicSuccess');
	assert.ok(applied.every(({ dispatchInfo }) => dispatchInfo.class === 'Mandatory'), 'somebody sent something');

	assert.equal(await pointsLeft(customer), POINTS);
	assert.equal(amount((await receiptOf(chain, BOB, customer, order)).refunded), PRICE);
	// Who did not answer pays for the judgement, and for nothing else.
	const costs = (await history.dataIn(block, 'clearing.JudgementOwed')).map(({ debtor, value }) => [debtor, amount(value)] as const);
	assert.deepEqual(costs.map(([debtor]) => debtor), [BOB]);
	const [, cost = 0n] = costs[0] ?? [];
	assert.ok(cost > 0n && cost < 10_000n, `${cost}`);
	assert.equal(await reserveOf(chain, bob), before - cost);
	const { conduct } = await standingOf(chain.api, BOB);
	assert.deepEqual([conduct.demerits, conduct.fines, conduct.complaints.open], [20, [], 0]);
});

test('an answered complaint is brought before the members, who find for the customer', { timeout: 180_000 }, async () => {
	const customer = newKey();
	const order = await pay(customer, CHARLIE);
	const { number } = await complainForFree(customer, CHARLIE, order);
	await expectRefusals(chain, [
		['brought before its answer', eve, bring(CHARLIE, number), 'conduct.NotAnswered'],
		['an answer to what nobody asked', charlie, answerUpTo(2), 'conduct.NotFound'],
	]);
	await send(chain, charlie, answerUpTo(number));
	const uphold = call(chain.api, 'conduct', 'upholdComplaint', CHARLIE, number);
	await expectRefusals(chain, [
		['answered twice', charlie, answerUpTo(number), 'conduct.AlreadyAnswered'],
		['brought by the merchant', charlie, bring(CHARLIE, number), 'conduct.OwnComplaint'],
		['decided by one', eve, uphold, 'BadOrigin'],
	]);
	const brought = await send(chain, eve, bring(CHARLIE, number));
	const [, , by, deposit] = eventData(brought, 'conduct', 'CaseOpened');
	assert.deepEqual([by, await heldFor(eve, 'Case')], [EVE, amount(deposit)]);
	await expectRefusals(chain, [['brought by another one', bob, bring(CHARLIE, number), 'conduct.AlreadyInCase']]);

	// Three of the four others are two thirds, and what the accused says for itself does not count.
	const motion = await propose(chain, sender(chain, eve), uphold);
	await Promise.all([alice, charlie, eve].map((who) => vote(chain, sender(chain, who), motion, true)));
	const open = (await openMotion(chain.api, motion.hash)) ?? assert.fail();
	assert.deepEqual(await tally(chain.api, open), { ayes: 2, needed: 3, members: 4 });
	await assert.rejects(close(chain, sender(chain, eve), motion), { reason: 'system.CallFiltered' });
	await vote(chain, sender(chain, dave), motion, true);
	const { block, error } = await close(chain, sender(chain, eve), motion);
	assert.equal(error, undefined);

	await history.wait('conduct.ComplaintClosed', MINUTE, { merchant: CHARLIE, number, outcome: 'Upheld' });
	const [ended] = await history.dataIn(block, 'conduct.CaseEnded');
	assert.deepEqual([ended?.['upheld'], ended?.['to'], await heldFor(eve, 'Case')], [true, EVE, 0n]);
	assert.equal(await pointsLeft(customer), POINTS);
	assert.deepEqual((await complaint(CHARLIE, number)).state, { closed: 'Upheld' });
	const [offence] = await history.dataIn(block, 'conduct.OffenceRecorded');
	// A hundredth of the bond, but not more than the price: nobody complains for profit.
	const { member, offence: kind, demerits, fine, amount: value } = offence ?? {};
	assert.deepEqual([member, kind, demerits, fine, amount(value)], [CHARLIE, 'UpheldComplaint', 30, FINE, PRICE]);
});

test('where a member stands is the same by runtime API and view function: a fine in escrow, and why', { timeout: 300_000 }, async () => {
	const { api } = chain;
	for (const institution of [ALICE, BOB, CHARLIE, EVE]) {
		const said = (await api.call['hanseApi']?.['standing']?.(institution)) as Codec & { unwrap(): { conduct: Codec } };
		const seen = (await view(api, 'Conduct', 'standing', institution)) as Codec & { unwrap(): Codec };
		assert.equal(seen.unwrap().toHex(), said.unwrap().conduct.toHex());
	}
	assert.equal(await standingOf(api, 99), null);
	assert.equal((await view(api, 'Conduct', 'standing', 99)).toJSON(), null);

	const { conduct } = await standingOf(api, CHARLIE);
	const [[number, kind, value]] = conduct.fines;
	assert.deepEqual([number, kind, amount(value), conduct.fines.length], [FINE.number, 'UpheldComplaint', PRICE, 1]);
	assert.deepEqual([conduct.demerits, conduct.stoppedUntil, conduct.suspendedUntil], [30, null, null]);
	assert.deepEqual([conduct.complaints.filed, conduct.complaints.answeredTo, conduct.complaints.open], [1, 1, 0]);
	assert.deepEqual(conduct.offences, [{ offence: 'UpheldComplaint', era, times: 1, demerits: 30, fine: 1, reversed: false }]);
	assert.equal(await heldFor(charlie, 'Fine'), PRICE);
});

test('members take a fine back, with its demerits, and none that is not there', { timeout: 300_000 }, async () => {
	const { api } = chain;
	const free = await moneyOf(chain, charlie);
	const reverse = call(api, 'conduct', 'reverseFine', FINE);
	await expectRefusals(chain, [['reversed by one', bob, reverse, 'BadOrigin']]);
	const block = await decide(chain, [alice, bob, dave, eve], reverse);
	assert.ok(await history.wait('conduct.FineReversed', MINUTE));
	assert.deepEqual((await history.dataIn(block, 'conduct.FineReversed'))[0]?.['fine'], FINE);

	assert.equal(await heldFor(charlie, 'Fine'), 0n);
	assert.equal(await moneyOf(chain, charlie), free + PRICE);
	const { conduct } = await standingOf(api, CHARLIE);
	assert.deepEqual([conduct.demerits, conduct.fines, conduct.offences[0].reversed], [0, [], true]);
	await assert.rejects(decide(chain, [alice, bob, dave, eve], reverse), { reason: 'conduct.NotFound' });
});
