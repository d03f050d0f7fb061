/** From a stranger to an authority and out again, by votes, while the chain goes on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { electorate, institutions } from '../lib/alliance.ts';
import { authorities, keysOf } from '../lib/authorities.ts';
import { type Chain, call, untilFinal } from '../lib/chain.ts';
import { FinalityLog } from '../lib/finality.ts';
import { wellKnown } from '../lib/keys.ts';
import { findMotion } from '../lib/motions.ts';
import { Network, type Peer } from '../lib/network.ts';
import { send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, SESSION, member, memberFails, recentAuthors, until } from './alliance.ts';
import { UNIT, alice, bob, eve, expectRefusals, ferdie, json } from './support.ts';

const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;
/** The institution of the newcomer. */
const ELBE = 5;

const network = new Network(
	writeSpec({
		founders: [...FOUNDERS],
		authorities: [...FOUNDERS],
		rules: RULES,
		endowed: [[eve.address, 15_000n * UNIT], [ferdie.address, 1_000n * UNIT]],
	}),
);
let peers: Record<(typeof FOUNDERS)[number], Peer>;
let newcomer: Peer;
/** As Alice's node sees the chain. */
let chain: Chain;
let url: string;
let finality: FinalityLog;

before(async () => {
	peers = await network.authorities(FOUNDERS);
	newcomer = await network.newcomer();
	({ chain, node: { url } } = peers.Alice);
	await untilFinal(chain.api, 2, 60_000);
	finality = await FinalityLog.follow(chain);
});
after(() => network.stop());

const statusOf = async (id: number) => (await institutions(chain.api)).find((institution) => institution.id === id)?.status;
const bestNow = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber();

test('a stranger applies, and is a member when three of four members say so', { timeout: 300_000 }, async () => {
	const { api } = chain;
	assert.match(await member(url, 'Eve', 'apply', '--name', 'Elbe Eggs'), /institution 5/);
	assert.equal(await statusOf(ELBE), 'Applied');
	assert.match(await member(url, 'Alice', 'propose', 'admit', `${ELBE}`), /It takes 3 ayes/);

	const { hash, index } = await findMotion(api, '0');
	const admit = call(api, 'institutions', 'admit', ELBE);
	const propose = (threshold: number, motion: ReturnType<typeof call>) =>
		call(api, 'alliance', 'propose', threshold, motion, motion.method.encodedLength);
	const close = call(api, 'alliance', 'close', hash, index, { refTime: 10n ** 10n, proofSize: 10n ** 6n }, 1_000);
	await expectRefusals(chain, [
		['an expulsion by half', bob, propose(2, call(api, 'institutions', 'expel', 4)), 'system.CallFiltered'],
		['a decision of one', bob, propose(1, admit), 'system.CallFiltered'],
		['a vote on what is nobody\'s to decide', bob, propose(4, call(api, 'system', 'setCode', '0x00')), 'system.CallFiltered'],
		['an admission without a vote', bob, admit, 'BadOrigin'],
		['an applicant who runs an authority', eve, call(api, 'authorities', 'operate', true), 'authorities.NotActive'],
	]);

	// Of those who do not vote the pool takes no part in motions.
	for (const its of [call(api, 'alliance', 'vote', hash, index, true), propose(3, admit)]) {
		await assert.rejects(send(chain, eve, its), /Transaction call is not expected/);
	}

	assert.match(await member(url, 'Alice', 'vote', '0', 'aye'), /1 of 3 ayes/);
	await member(url, 'Bob', 'vote', '0', 'aye');
	await expectRefusals(chain, [['a close with two of three', bob, close, 'alliance.TooEarly']]);
	assert.match(await member(url, 'Dave', 'vote', '0', 'nay'), /1 nay/);
	// Charlie's institution has somebody for this.
	await member(url, 'Charlie', 'delegate', 'add', 'governance', ferdie.address);
	const asCharlie = ['--for', wellKnown('Charlie').address];
	assert.match(await member(url, 'Ferdie', 'vote', '0', 'aye', ...asCharlie), /That is enough/);
	await memberFails(url, 'Ferdie', 1, /CallFiltered[\s\S]*a delegate may not/, 'operate', 'off', ...asCharlie);
	assert.match(await member(url, 'Dave', 'close', '0'), /carried, and it is done: admit Elbe Eggs/);
	assert.equal(await statusOf(ELBE), 'Active');
	assert.deepEqual(new Set(await electorate(api)), new Set([...FOUNDERS, 'Eve'].map((name) => wellKnown(name).address)));
});

test('only keys with a proof of the same account are set, and nobody takes keys back', { timeout: 300_000 }, async () => {
	const { api } = chain;
	await memberFails(url, 'Eve', 1, /KeysNotSet[\s\S]*Run `keys` first/, 'operate', 'on');
	const ofEve = `0x${Buffer.from(eve.publicKey).toString('hex')}`;
	const { keys, proof } = await newcomer.chain.request<{ keys: string; proof: string }>('author_rotateKeysWithOwner', ofEve);
	await expectRefusals(chain, [
		['the proof of somebody else', ferdie, call(api, 'session', 'setKeys', keys, proof), 'session.InvalidProof'],
		['keys without a proof', bob, call(api, 'session', 'setKeys', keys, '0x'), 'session.InvalidProof'],
		['keys that are taken back', alice, call(api, 'session', 'purgeKeys'), 'system.CallFiltered'],
	]);
	await memberFails(url, 'Eve', 1, /--rpc-methods unsafe/, 'keys');
	assert.match(await member(url, 'Eve', 'keys', '--node', newcomer.node.url), /Keys set/);
	assert.ok(await keysOf(api, eve.address));
});

test('its authority makes blocks, and finality needs its votes', { timeout: 240_000 }, async () => {
	const { api } = chain;
	await member(url, 'Eve', 'operate', 'on');
	assert.match(await member(url, 'Eve', 'authority'), /Institution 5 makes blocks and votes/);
	assert.match(await member(url, 'Eve', 'status'), /5 +Elbe Eggs +Active +yes +now +10,000.000000\n/);
	await until('a block of the newcomer', 30_000, async () => (await recentAuthors(chain, 5)).includes(eve.address));
	const { grandpa = '' } = (await keysOf(api, eve.address)) ?? {};
	const voters: [string, number][] = await json(chain, 'grandpa', 'authorities');
	assert.ok(voters.some(([key]) => key === grandpa), 'its key does not vote');

	// Once what changed the set is final, the nodes count by the new one.
	await untilFinal(api, await bestNow(), 30_000);
	// Of five votes four are needed: with one authority away, the newcomer's is one of them.
	peers.Dave.node.pause();
	const from = await bestNow();
	await untilFinal(api, from + 5, 30_000).finally(() => peers.Dave.node.resume());
	const { best } = await chain.request<{ best: { totalWeight: number; thresholdWeight: number } }>('grandpa_roundState');
	assert.deepEqual([best.totalWeight, best.thresholdWeight], [5, 4]);
});

test('once expelled it makes no blocks any more', { timeout: 240_000 }, async () => {
	const { api } = chain;
	assert.match(await member(url, 'Bob', 'propose', 'expel', `${ELBE}`, '--aye'), /It takes 3 ayes[\s\S]*1 of 3/);
	for (const name of ['Alice', 'Charlie', 'Dave'] as const) await member(url, name, 'vote', '1', 'aye');
	const motion = await findMotion(api, '1');
	assert.match(await member(url, 'Alice', 'close', '1'), /carried, and it is done: expel Elbe Eggs/);
	assert.equal(await statusOf(ELBE), 'RunOff');
	assert.equal((await electorate(api)).includes(eve.address), false);
	await expectRefusals(chain, [
		['an expelled one that votes', eve, call(api, 'alliance', 'vote', motion.hash, motion.index, false), 'alliance.NotMember'],
	]);

	await until('a set without it', 6 * SESSION, async () => !(await authorities(api)).now.includes(eve.address));
	const first = (await api.rpc.chain.getHeader()).number.toNumber() + 1;
	await untilFinal(api, first + 10, 60_000);
	const authors = await recentAuthors(chain, 10);
	assert.ok(!authors.includes(eve.address), `${authors}`);
	assert.equal(new Set(authors).size, FOUNDERS.length, 'somebody else makes no blocks either');
});

test('finality never stood still for longer than two sessions', () => {
	assert.ok(finality.best > 20);
	assert.ok(finality.longestGap <= 2 * SESSION, `${finality.longestGap} ms`);
});
