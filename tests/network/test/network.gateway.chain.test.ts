/** A gateway beside another with the same database, at a node of another chain, and at one that forgets. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Chain, untilFinal } from '../lib/chain.ts';
import { type Gateway, noGateway } from '../lib/gateway.ts';
import { type Node, nextRuntime, startNode, temporaryDirectory } from '../lib/node.ts';
import { dev, devWith } from '../lib/spec.ts';
import { until } from './alliance.ts';
import { Shop } from './shop.ts';
import { ALICE, alice } from './support.ts';

const ARCHIVE = ['--state-pruning', 'archive', '--blocks-pruning', 'archive', '--rpc-rate-limit', '1000000'];
const skip = noGateway();
const nodes: Node[] = [];
let [node, chain]: [Node, Chain] = [] as never;
let shop: Shop;

const start = async (args: string[]): Promise<Node> => {
	const started = await startNode([...args, '--base-path', temporaryDirectory()]);
	nodes.push(started);
	return started;
};

before(async () => {
	if (skip) return;
	node = await start([...dev(), ...ARCHIVE]);
	chain = await node.chain();
	await untilFinal(chain.api, 2, 60_000);
	shop = await Shop.open(chain, node.url, ALICE, alice, 'Alice');
});
after(async () => {
	await shop?.gateway.stop();
	await chain?.close();
	await Promise.all(nodes.map((started) => started.stop('SIGKILL')));
});

const ready = async (gateway: Gateway) => (await gateway.ask('/health/ready')).body;

test('the second gateway with a database serves reads only, until the first one has ended', { timeout: 120_000, skip }, async () => {
	const { gateway } = shop;
	const second = gateway.another();
	await second.run(node.url);
	await shop.award(10);
	assert.deepEqual([(await ready(gateway)).sends, (await ready(second)).sends], [true, false]);
	const refused = await second.ask('/v1/awards', 'issuer', { program: 1, order: 'B-1', to: alice.address, points: '1' });
	assert.equal(refused.status, 503, JSON.stringify(refused.body));
	assert.match(refused.body.detail, /another gateway with this database sends/);
	await shop.over();
	assert.deepEqual(await second.operations(), await gateway.operations());
	// Both put the same blocks into the same index.
	const { indexed_block: from } = await ready(second);
	await until('some blocks in the index', 30_000, async () => (await ready(second)).indexed_block >= from + 10);
	assert.deepEqual([gateway.ended(), second.ended()], [undefined, undefined]);

	await gateway.stop('SIGKILL');
	await until('the lease', 30_000, async () => (await ready(second)).sends === true);
	const taken = new Shop(second, shop);
	await taken.award(5);
	const transactions = await taken.once(chain);
	const books = await taken.reconcile(node.url);
	await second.stop();
	await gateway.run(node.url);
	console.log(`${taken.asked} awards by two gateways, one after the other, in ${transactions} transactions; ${books}`);
	shop = new Shop(gateway, taken);
});

test('at a node of another chain it signs nothing, and says what is wrong', { timeout: 120_000, skip }, async () => {
	const { gateway } = shop;
	const other = await start([...devWith(readFileSync(nextRuntime())), ...ARCHIVE]);
	node.pause();
	await shop.award(3);
	await gateway.stop('SIGKILL');
	assert.match(await gateway.ends(other.url), /ended with code 1/);
	assert.match(gateway.log().join('\n'), /hanse-gateway: the node is of another chain: its genesis is 0x[0-9a-f]{64}, .*Connect it to the right node/);
	node.resume();
	await gateway.run(node.url);
	const transactions = await shop.once(chain);
	console.log(`${shop.asked} awards in ${transactions} transactions; ${await shop.reconcile(node.url)}`);
});

test('at a node that forgets states it does not start, and says how to run that', { timeout: 120_000, skip }, async () => {
	const forgetful = await start([...dev(), '--state-pruning', '4']);
	const its = await forgetful.chain();
	await untilFinal(its.api, 12, 60_000);
	await its.close();
	const fresh = shop.gateway.another('fresh.db');
	assert.match(await fresh.ends(forgetful.url), /ended with code 1/);
	assert.match(fresh.log().join('\n'), /hanse-gateway: the node has not kept the states of old blocks\. Run it with --state-pruning archive/);
});
