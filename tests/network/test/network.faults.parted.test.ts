/** Two authorities beside two for sixty blocks, each half with customers of its own, and joined again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { BY_HAND, join, part } from '../lib/network.ts';
import { until } from './alliance.ts';
import { type Payments, oneChain, open } from './payments.ts';

const BLOCKS = 60;
/** The archive node is beside the first two. */
const HALVES: [string[], string[]] = [['Alice', 'Bob', 'Archive'], ['Charlie', 'Dave']];

let fleet: Fleet;
let payments: Payments;
before(async () => {
	({ fleet, payments } = await open({ args: BY_HAND, acquainted: false }));
	await join(...fleet.names.map((name) => fleet.peer(name)));
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const apiOf = (name: string) => fleet.peer(name).chain.api;
const best = async (name: string) => (await apiOf(name).rpc.chain.getHeader()).number.toNumber();
const peersOf = async (name: string) => (await apiOf(name).rpc.system.peers()).length;
const hashAt = async (name: string, number: number) => (await apiOf(name).rpc.chain.getBlockHash(number)).toHex();

test('two halves finalise nothing for sixty blocks, and one chain goes on when they are joined', { timeout: 700_000 }, async (t) => {
	const [ours, theirs] = HALVES.map((names) => names.map((name) => fleet.peer(name))) as [Parameters<typeof join>, Parameters<typeof join>];
	for (const one of theirs) await part(one, ...ours);
	await until('they are in halves', 30_000, async () => (await peersOf('Charlie')) === 1 && (await peersOf('Alice')) === 2);
	await sleep(5_000);
	const [from, paid] = [await best('Alice'), payments.final];
	const stood = await Promise.all(fleet.names.map(async (name) => (await finalisedHead(apiOf(name))).number));
	await until(`${BLOCKS} blocks of each half`, 400_000, async () => (await best('Alice')) >= from + BLOCKS && (await best('Charlie')) >= from + BLOCKS);
	assert.deepEqual(await Promise.all(fleet.names.map(async (name) => (await finalisedHead(apiOf(name))).number)), stood);
	assert.equal(payments.final, paid, 'payments became final in a half');
	const last = Math.min(await best('Alice'), await best('Charlie'));
	const [one, other] = [await hashAt('Alice', last), await hashAt('Charlie', last)];
	assert.notEqual(one, other, 'the halves have one chain');

	await join(...ours, ...theirs);
	await untilFinal(apiOf('Archive'), last + 5, 180_000);
	const kept = await hashAt('Archive', last);
	assert.ok(kept === one || kept === other);
	await payments.more(50);
	t.diagnostic(`${last - Math.max(...stood)} blocks without finality; that of ${kept === one ? 'the first' : 'the second'} half stayed`);
	t.diagnostic(await oneChain(fleet, payments));
});
