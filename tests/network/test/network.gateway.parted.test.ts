/**
 * The gateway's node is parted from the others, makes blocks of its own and gets them replaced: what was in them is in
 * others, nothing is signed twice, and the index is the one that a gateway makes which saw none of it. Nor is it when
 * the authorities are parted in halves, of which neither can make anything final.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, untilFinal } from '../lib/chain.ts';
import { noGateway } from '../lib/gateway.ts';
import { BY_HAND, Network, type Peer, join, part } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { until } from './alliance.ts';
import { Shop } from './shop.ts';
import { ALICE, alice } from './support.ts';

const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;
const network = new Network(writeSpec({ founders: [...FOUNDERS], authorities: [...FOUNDERS], rules: {} }));
const skip = noGateway();
let peers: Record<(typeof FOUNDERS)[number], Peer>;
let shop: Shop;

before(async () => {
	if (skip) return;
	const archive = ['--state-pruning', 'archive', '--blocks-pruning', 'archive'];
	peers = await network.authorities(FOUNDERS, ...archive, ...BY_HAND);
	await join(...Object.values(peers));
	await untilFinal(peers.Alice.chain.api, 2, 60_000);
	shop = await Shop.open(peers.Alice.chain, peers.Dave.node.url, ALICE, alice, 'Alice');
});
after(async () => {
	await shop?.gateway.stop();
	await network.stop();
});

test('what was in blocks that were replaced is in others, once, and nothing is signed twice', { timeout: 360_000, skip }, async () => {
	const { gateway } = shop;
	const { Dave: ours, Alice: theirs, ...rest } = peers;
	const others = [theirs, ...Object.values(rest)];
	await shop.award(5);
	await shop.over();
	assert.equal((await theirs.chain.api.rpc.system.peers()).length, 3);

	await part(ours, ...others);
	const from = (await finalisedHead(theirs.chain.api)).number;
	await until('it is alone', 20_000, async () => (await ours.chain.api.rpc.system.peers()).length === 0);
	await shop.award(20);
	// One authority of four goes on making blocks, of which none is final.
	const alone = await shop.until('all are in its own blocks', 60_000, ({ status }) => ['in_block', 'final'].includes(status));
	const signed = new Map(alone.map(({ reference, transaction }) => [reference, transaction]));
	const lost = alone.filter(({ status }) => status === 'in_block').length;
	assert.ok(lost >= 20, `only ${lost} are in blocks that can be replaced`);
	const replaced = (await ours.chain.api.rpc.chain.getHeader()).hash.toHex();
	await untilFinal(theirs.chain.api, from + 10, 60_000);

	await join(ours, ...others);
	await shop.over(90_000);
	const head = await finalisedHead(ours.chain.api);
	assert.equal((await theirs.chain.api.rpc.chain.getBlockHash(head.number)).toHex(), head.hash);
	const height = (await ours.chain.api.rpc.chain.getHeader(replaced)).number.toNumber();
	assert.ok(height <= head.number, 'its own blocks may still become final');
	assert.notEqual((await ours.chain.api.rpc.chain.getBlockHash(height)).toHex(), replaced, 'nothing was replaced');
	await shop.once(theirs.chain);
	for (const { reference, transaction } of await gateway.operations()) assert.equal(transaction, signed.get(reference), `${reference} was signed again`);
	const halved = await inHalves();
	const transactions = await shop.once(theirs.chain);
	const books = await shop.reconcile(ours.node.url);
	await gateway.stop();

	// A gateway that was not there, and has another node.
	const fresh = gateway.another('fresh.db');
	const indexed = async () => JSON.parse((await gateway.export('blocks')).at(-1) ?? '{}').block as number;
	await fresh.run(theirs.node.url);
	await until('the other index', 60_000, async () => (await fresh.ask('/health/ready')).body.indexed_block >= (await indexed()));
	await fresh.stop();
	let lines = 0;
	for (const table of ['events', 'blocks', 'vintages', 'payments'] as const) {
		const [mine, others] = await Promise.all([gateway.export(table), fresh.export(table)]);
		assert.deepEqual(others.slice(0, mine.length), mine);
		lines += mine.length;
	}
	console.log(`${lost} awards were in blocks that were replaced; ${halved} while neither half of the authorities could make anything final; ${shop.asked} in ${transactions} transactions; ${lines} lines of the export are the same; ${books}`);
});

/** Two authorities beside two: nothing is final on either side until they are joined. How many awards were asked for then. */
async function inHalves(): Promise<number> {
	const { Dave: ours, Charlie: beside, Alice: theirs, Bob: last } = peers;
	for (const one of [ours, beside]) await part(one, theirs, last);
	await until('they are in halves', 20_000, async () => (await ours.chain.api.rpc.system.peers()).length === 1);
	const before = (await finalisedHead(ours.chain.api)).number;
	await shop.award(20);
	const own = await shop.until('all are in blocks of the half', 60_000, ({ status }) => ['in_block', 'final'].includes(status));
	const waiting = own.filter(({ status }) => status === 'in_block');
	assert.ok(waiting.length >= 20, `only ${waiting.length} of them are not final`);
	const signed = new Map(own.map(({ reference, transaction }) => [reference, transaction]));

	for (const one of [ours, beside]) await join(one, theirs, last);
	await shop.over(90_000);
	assert.ok((await finalisedHead(ours.chain.api)).number > before);
	for (const { reference, transaction } of await shop.gateway.operations()) assert.equal(transaction, signed.get(reference), `${reference} was signed again`);
	return waiting.length;
}
