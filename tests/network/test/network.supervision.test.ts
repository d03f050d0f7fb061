/** Supervisors use their rights: what a halt stops, when it ends, and what follows from silence. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, storage, untilFinal, view } from '../lib/chain.ts';
import { History } from '../lib/history.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { Network } from '../lib/network.ts';
import { eventData, send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { decide } from './alliance.ts';
import {
	ALICE, BOB, CHARLIE, UNIT, alice, bob, charlie, createProgram, dave, eraNow, eve, expectRefusals, firstVintage, json, newHash,
	newKey, newOrder, pointsOf, register, standingOf,
} from './support.ts';

/** The time that an institution has for a disclosure. */
const ANSWER = 20_000;
/** The longest halt. */
const LONGEST = 60_000;
const HALT = 10_000;
/** What each customer has, a cent each. */
const POINTS = 1_000n;

/** One who may do everything, and one who may say what it finds at Bob's. */
const [inspector, auditor] = [newKey(), newKey()];
const [customer, friend] = [newKey(), newKey()];

const network = new Network(
	writeSpec({
		// Five, so that two thirds are more than half.
		founders: ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve'],
		authorities: ['Alice'],
		rules: { answer: ANSWER, halt: LONGEST },
		endowed: [inspector, auditor, customer, friend].map(({ address }) => [address, 100n * UNIT]),
	}),
);
let chain: Chain;
let history: History;
let era: number;
/** Programs of Alice and of Bob. */
let air: number;
let books: number;

before(async () => {
	({ chain } = (await network.authorities(['Alice'])).Alice);
	await untilFinal(chain.api, 1);
	history = await History.follow(chain);
	[air, books] = await Promise.all([
		createProgram(chain, alice, 'AIR', { faceValue: 10_000 }),
		createProgram(chain, bob, 'BOB', { faceValue: 10_000 }),
	]);
	era = await eraNow(chain);
	await register(chain, alice, ALICE, customer, friend);
	const awards = [customer, friend].map(({ address }) => ({ to: address, amount: POINTS, order: newOrder() }));
	await send(chain, alice, call(chain.api, 'points', 'issueBatch', air, era, awards));
});
after(() => network.stop());

const now = (): Promise<number> => json(chain, 'timestamp', 'now');
const pointsHeld = (who: KeyringPair) => pointsOf(chain, firstVintage(air), who);
const give = (to: KeyringPair) => call(chain.api, 'assets', 'transfer', firstVintage(air), to.address, 10n);
const spend = (method: 'pay' | 'authorize') => {
	const legs = [{ program: air, maxPoints: POINTS }];
	return call(chain.api, 'exchange', method, BOB, { era, commitment: newOrder() }, UNIT, legs);
};
const appoint = (who: KeyringPair, level: string, scope: unknown, term: number) =>
	call(chain.api, 'supervision', 'appointSupervisor', who.address, level, scope, Date.now() + term);
const ask = (institution: number) => call(chain.api, 'supervision', 'requestDisclosure', institution, newHash());
const disclose = (request: number) => call(chain.api, 'supervision', 'disclose', request, newHash());
const attest = (institution: number) => call(chain.api, 'supervision', 'attestFinding', institution, 'Remark', newHash());
const halt = (target: unknown, length: number) => call(chain.api, 'supervision', 'halt', target, length, newHash());
const lift = (target: unknown) => call(chain.api, 'supervision', 'liftHalt', target);
const ratify = (target: unknown) => call(chain.api, 'supervision', 'ratifyHalt', target);
const ofCustomer = () => ({ Customer: customer.address });
const haltsNow = async () => (await view(chain.api, 'Supervision', 'halts')).toJSON() as any[];

/** The number of the request and its deadline. */
async function asks(institution: number): Promise<{ request: number; deadline: number }> {
	const asked = await send(chain, inspector, ask(institution));
	const [request, , , , deadline] = eventData(asked, 'supervision', 'DisclosureRequested').map(Number);
	return { request: request ?? assert.fail(), deadline: deadline ?? assert.fail() };
}

let unanswered: { request: number; deadline: number };

test('the members appoint supervisors, each of whom may do what its level and scope say', { timeout: 300_000 }, async () => {
	const everything = appoint(inspector, 'Halt', 'All', 3_600_000);
	await expectRefusals(chain, [
		['appointed by one', alice, everything, 'BadOrigin'],
		['a halt by nobody in particular', friend, halt(ofCustomer(), HALT), 'supervision.NotSupervisor'],
		['a question by a member', alice, ask(BOB), 'supervision.NotSupervisor'],
	]);
	await decide(chain, [alice, bob, charlie, dave], everything);
	await decide(chain, [bob, alice, charlie, dave], appoint(auditor, 'Attest', { Institution: BOB }, 3_600_000));
	const supervisors = (await view(chain.api, 'Supervision', 'supervisors')).toJSON() as any[];
	assert.deepEqual(supervisors.map(({ account, level, scope }) => [account, level, scope]), [
		[inspector.address, 'Halt', { all: null }],
		[auditor.address, 'Attest', { institution: BOB }],
	]);
	unanswered = await asks(BOB);
	await send(chain, auditor, attest(BOB));
	await expectRefusals(chain, [
		['a halt at a level that attests', auditor, halt({ Institution: BOB }, HALT), 'supervision.LevelTooLow'],
		['a finding out of scope', auditor, attest(ALICE), 'supervision.OutOfScope'],
		['a question out of scope', auditor, ask(CHARLIE), 'supervision.OutOfScope'],
		['a halt of what does not exist', inspector, halt({ Program: 99 }, HALT), 'points.NotFound'],
		['a halt of no length', inspector, halt(ofCustomer(), 0), 'supervision.ZeroLength'],
		['a halt beyond the rule', inspector, halt(ofCustomer(), LONGEST + 1), 'supervision.HaltTooLong'],
		['a vote for what is not halted', alice, lift(ofCustomer()), 'BadOrigin'],
	]);
});

test('a halted customer keeps its points by whatever call they would leave, until the time is over', { timeout: 300_000 }, async () => {
	const { api } = chain;
	const asset = firstVintage(air);
	const halted = await send(chain, inspector, halt(ofCustomer(), HALT));
	const until = Number(eventData(halted, 'supervision', 'Halted')[2]);
	await expectRefusals(chain, [
		['a gift', customer, give(friend), 'assets.BalanceLow'],
		['one that keeps the account', customer, call(api, 'assets', 'transferKeepAlive', asset, friend.address, 10n), 'assets.BalanceLow'],
		['a donation', customer, call(api, 'points', 'donate', air, friend.address, 10n), 'supervision.PointsHalted'],
		['a payment', customer, spend('pay'), 'supervision.PointsHalted'],
		['an authorisation', customer, spend('authorize'), 'supervision.PointsHalted'],
		['an exchange', customer, call(api, 'exchange', 'exchange', air, 10n, books, 0n), 'supervision.PointsHalted'],
	]);
	// All that may leave is nothing, which the assets pallet transfers without complaint.
	await send(chain, customer, call(api, 'assets', 'transferAll', asset, friend.address, false));
	assert.equal(await pointsHeld(customer), POINTS);
	// To it they go, and from others.
	await send(chain, friend, give(customer));
	await send(chain, friend, spend('pay'));
	assert.deepEqual([await pointsHeld(customer), await pointsHeld(friend)], [POINTS + 10n, POINTS - 10n - 100n]);
	assert.ok((await now()) < until, 'the test was too slow for what it tests');
	const [{ target, by, until: said }] = await haltsNow();
	assert.deepEqual([target, by, said], [{ customer: customer.address }, inspector.address, until]);
	await expectRefusals(chain, [['halted again', inspector, halt(ofCustomer(), HALT), 'supervision.RatificationNeeded']]);

	const { block, data } = await history.wait('supervision.HaltLapsed', 3 * HALT);
	assert.deepEqual(data['target'], { customer: customer.address });
	const at = (await (await api.at(block)).query.timestamp.now()).toNumber();
	assert.ok(at >= until && at < until + 3_000, `${at - until} ms late`);
	const applied = await history.dataIn(block, 'system.ExtrinsicSuccess');
	assert.ok(applied.every(({ dispatchInfo }) => dispatchInfo.class === 'Mandatory'), 'somebody sent something');
	assert.deepEqual(await haltsNow(), []);
	await send(chain, customer, give(friend));
	await send(chain, customer, spend('pay'));
});

test('nobody halts twice without two thirds, and more than half end a halt at once', { timeout: 300_000 }, async () => {
	const { api } = chain;
	const propose = (motion: ReturnType<typeof call>) =>
		call(api, 'alliance', 'propose', 3, motion, motion.method.encodedLength);
	await expectRefusals(chain, [
		['halted again', inspector, halt(ofCustomer(), HALT), 'supervision.RatificationNeeded'],
		['allowed by three of five', alice, propose(ratify(ofCustomer())), 'system.CallFiltered'],
		['allowed by one', alice, ratify(ofCustomer()), 'BadOrigin'],
	]);
	await decide(chain, [alice, bob, charlie, dave], ratify(ofCustomer()));
	await send(chain, inspector, halt(ofCustomer(), LONGEST));
	await expectRefusals(chain, [
		['a gift', customer, give(friend), 'assets.BalanceLow'],
		['halted a third time', inspector, halt(ofCustomer(), HALT), 'supervision.RatificationNeeded'],
	]);
	const block = await decide(chain, [eve, charlie, dave], lift(ofCustomer()));
	assert.deepEqual(await haltsNow(), []);
	await history.wait('supervision.HaltLifted', HALT);
	assert.equal((await history.dataIn(block, 'supervision.HaltLifted')).length, 1);
	await send(chain, customer, give(friend));
});

test('a question that is not answered in time becomes an offence, and one that is does not', { timeout: 300_000 }, async () => {
	const answered = await asks(CHARLIE);
	await expectRefusals(chain, [['an answer for somebody else', dave, disclose(answered.request), 'supervision.NotAsked']]);
	await send(chain, charlie, disclose(answered.request));

	const { request, deadline } = unanswered;
	const { block } = await history.wait('supervision.DisclosureMissed', 2 * ANSWER, { request });
	const at = (await (await chain.api.at(block)).query.timestamp.now()).toNumber();
	assert.ok(at >= deadline && at < deadline + 3_000, `${at - deadline} ms late`);
	const [offence] = await history.dataIn(block, 'conduct.OffenceRecorded');
	assert.deepEqual([offence?.['member'], offence?.['offence'], offence?.['demerits']], [BOB, 'UnansweredDisclosure', 20]);
	await expectRefusals(chain, [['too late', bob, disclose(request), 'supervision.NotFound']]);

	const [{ conduct: ofBob }, { conduct: ofCharlie }] = await Promise.all([BOB, CHARLIE].map((id) => standingOf(chain.api, id)));
	assert.deepEqual([ofBob.demerits, ofBob.offences.at(-1).offence], [20, 'UnansweredDisclosure']);
	assert.deepEqual([ofCharlie.demerits, ofCharlie.offences], [0, []]);
});

test('every use of a right is counted and logged', async () => {
	const log = await view(chain.api, 'Supervision', 'log');
	assert.equal(log.toHex(), (await storage(chain.api, 'supervision', 'actLog')()).toHex());
	const target = { customer: customer.address };
	const acts = (log.toJSON() as any[]).map(({ by, act }) => [by, act]);
	assert.deepEqual(acts, [
		[inspector.address, { disclosureRequest: { request: 1, institution: BOB } }],
		[auditor.address, { attestation: { institution: BOB, finding: 'Remark' } }],
		[inspector.address, { halt: { target, length: HALT } }],
		[inspector.address, { halt: { target, length: LONGEST } }],
		[inspector.address, { disclosureRequest: { request: 2, institution: CHARLIE } }],
	]);
	const uses = await Promise.all([inspector, auditor].map(({ address }) => json(chain, 'supervision', 'actCountsOf', address)));
	assert.deepEqual(uses.map(({ requests, attestations, halts }) => [requests, attestations, halts]), [[2, 0, 2], [0, 1, 0]]);
	assert.equal(amount(await json(chain, 'supervision', 'lastRequestId')), 2n);
});
