/** Four authorities make one chain. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Chain, untilFinal } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { local } from '../lib/spec.ts';
import { json } from './support.ts';

const AUTHORITIES = ['alice', 'bob', 'charlie', 'dave'];

const starting: Promise<Node>[] = [];
const chains: Chain[] = [];
after(async () => {
	await Promise.all(chains.map((chain) => chain.close()));
	// Those that were still starting when another one failed must end too.
	await Promise.allSettled(starting.map(async (node) => (await node).stop()));
});

test('four authorities find each other and finalise the same blocks', { timeout: 300_000 }, async () => {
	const start = async (name: string, index: number, args: string[]) => {
		const key = `${index + 1}`.padStart(64, '0');
		const started = startNode(['--chain', local(), '--tmp', `--${name}`, '--node-key', key, '--no-mdns', ...args]);
		starting.push(started);
		const node = await started;
		const chain = await node.chain();
		chains.push(chain);
		return { node, chain };
	};
	const [first = '', ...others] = AUTHORITIES;
	const { node, chain } = await start(first, 0, []);
	await Promise.all(others.map((name, index) => start(name, index + 1, ['--bootnodes', node.address])));

	const number = 5;
	await Promise.all(chains.map(({ api }) => untilFinal(api, number, 120_000)));
	const hashes = await Promise.all(chains.map(({ api }) => api.rpc.chain.getBlockHash(number)));
	assert.equal(hashes.length, AUTHORITIES.length);
	assert.equal(new Set(hashes.map(String)).size, 1, 'they finalised different blocks');
	assert.equal((await json(chain, 'aura', 'authorities')).length, AUTHORITIES.length);
	// More than two thirds must have voted, and each makes every fourth block: nobody does this alone.
	const { peers } = await chain.request<{ peers: number }>('system_health');
	assert.equal(peers, AUTHORITIES.length - 1);
});
