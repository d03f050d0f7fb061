/** Two of five authorities are gone for good: the others vote finality back, and a new node follows them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { electorate } from '../lib/alliance.ts';
import { authorities } from '../lib/authorities.ts';
import { type Chain, call, finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { wellKnown } from '../lib/keys.ts';
import { majorityFor } from '../lib/motions.ts';
import { Network, type Peer } from '../lib/network.ts';
import { send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, SESSION, member, until } from './alliance.ts';
import { DAVE, json } from './support.ts';

const SURVIVORS = ['Alice', 'Bob', 'Charlie'] as const;
const GONE = ['Dave', 'Eve'] as const;
const ALL = [...SURVIVORS, ...GONE] as const;
/** Dave's and Eve's. */
const GONE_IDS = [DAVE, 5];

/** How long a member is awake after a sign of itself. */
const AWAKE = 28_000;

const network = new Network(writeSpec({ founders: [...ALL], authorities: [...ALL], rules: { ...RULES, awake: AWAKE } }));
let peers: Record<(typeof ALL)[number], Peer>;
let chain: Chain;
let url: string;
/** What was final when the two went. */
let last: number;

before(async () => {
	peers = await network.authorities(ALL, '--rpc-methods', 'unsafe');
	({ chain, node: { url } } = peers.Alice);
	await untilFinal(chain.api, 5, 60_000);
});
after(() => network.stop());

const bestNow = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber();
/** The set of authorities by which Alice's node counts votes. */
const setOfNode = async () => (await chain.request<{ setId: number }>('grandpa_roundState')).setId;
const finalNow = async () => (await finalisedHead(chain.api)).number;

test('without a third of the authorities blocks go on and finality does not', { timeout: 300_000 }, async () => {
	await Promise.all(GONE.map(async (name) => {
		await peers[name].chain.close();
		await peers[name].node.stop('SIGKILL');
	}));
	// Another set of keys is announced, which cannot come into force either.
	await member(url, 'Alice', 'keys');
	// What had all its votes by then still becomes final.
	await sleep(3_000);
	[last] = [await finalNow()];
	const best = await bestNow();
	await until('a session in which the two made nothing', 4 * SESSION, async () => {
		const roster: [number, number][] = await json(chain, 'authorities', 'lastRoster');
		return GONE_IDS.every((id) => roster.some(([other, blocks]) => other === id && blocks === 0));
	});
	await until('a set that is announced', 4 * SESSION, async () => (await json(chain, 'grandpa', 'currentSetId')) > 0);
	assert.equal(await setOfNode(), 0);
	assert.ok((await bestNow()) >= best + 3, 'blocks stand still');
	assert.ok((await finalNow()) <= last, 'finality went on with three votes of five');
});

test('three of five members restart finality', { timeout: 240_000 }, async () => {
	assert.match(await member(url, 'Alice', 'propose', 'restart-finality', '--aye'), new RegExp(`upon block ${last} `));
	await member(url, 'Bob', 'vote', '0', 'aye');
	assert.match(await member(url, 'Charlie', 'vote', '0', 'aye'), /That is enough/);
	assert.match(await member(url, 'Bob', 'close', '0'), /carried, and it is done: restart finality/);
	const voted = await bestNow();
	await Promise.all(SURVIVORS.map((name) => untilFinal(peers[name].chain.api, voted, 120_000)));
	const { now } = await authorities(chain.api);
	assert.deepEqual(new Set(now), new Set(SURVIVORS.map((name) => wellKnown(name).address)));
	await untilFinal(chain.api, (await bestNow()) + SESSION / 1_000, 60_000);
	// Else nobody could prove an equivocation any more.
	assert.equal(await json(chain, 'grandpa', 'currentSetId'), await setOfNode(), 'chain and nodes count sets differently');
});

test('who is silent is not counted among those who are awake, and keeps its vote', { timeout: 240_000 }, async () => {
	const { api } = chain;
	const reject = call(api, 'institutions', 'reject', 0).method;
	const awakeNow = async () => (await majorityFor(api, reject))?.awake;
	await until('the two are asleep', 4 * AWAKE, async () => (await awakeNow()) === SURVIVORS.length);
	// More than half of everybody, whoever is awake.
	assert.deepEqual(await majorityFor(api, reject), { ayes: 3, awake: 3, all: 5, accused: null });
	assert.deepEqual(new Set(await electorate(api)), new Set(ALL.map((name) => wellKnown(name).address)));
	await send(chain, wellKnown('Eve'), call(api, 'system', 'remark', '0x'));
	await until('Eve is awake', AWAKE, async () => (await awakeNow()) === SURVIVORS.length + 1);
});

test('a node that starts from genesis gets through the crisis and agrees on what is final', { timeout: 180_000 }, async () => {
	const fresh = await network.start([]);
	const head = await finalisedHead(chain.api);
	const reached = await untilFinal(fresh.chain.api, head.number, 90_000);
	assert.equal((await fresh.chain.api.rpc.chain.getBlockHash(head.number)).toHex(), head.hash);
	assert.equal((await chain.api.rpc.chain.getBlockHash(reached.number)).toHex(), reached.hash);
	await untilFinal(fresh.chain.api, head.number + 5, 60_000);
});
