/** What a node says when something is wrong with a transaction, with its clock, or with nothing at all. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call, messageOf, sleep, untilFinal } from '../lib/chain.ts';
import { type Node, startNode, temporaryDirectory } from '../lib/node.ts';
import { dev } from '../lib/spec.ts';
import { clockOff, noOtherClock } from './clock.ts';
import { BOB, eraNow, eve, newOrder } from './support.ts';

const args = [...dev(), '--base-path', temporaryDirectory()];
let node: Node | undefined;
after(() => node?.stop());

/** What a node says only when something broke. */
const BROKEN = /panicked|wasm trap|wasm backtrace|Essential task/i;

test('an argument that is longer than its type allows is named in the answer', async () => {
	node = await startNode(args);
	const chain = await node.chain();
	const order = { era: await eraNow(chain), commitment: newOrder() };
	const legs = Array.from({ length: 9 }, (_, i) => ({ program: i + 1, maxPoints: 1n }));
	const pay = call(chain.api, 'exchange', 'pay', BOB, order, 1_000_000n, legs);
	for (const [nonce, method] of ['author_submitExtrinsic', 'author_submitAndWatchExtrinsic'].entries()) {
		const signed = await pay.signAsync(eve, { nonce });
		const answer = await chain.request(method, signed.toHex()).then(() => 'taken', messageOf);
		assert.match(answer, /^1002: .*this is no transaction of this chain: .*`Call::pay::legs`/);
		assert.doesNotMatch(answer, BROKEN);
	}
	// Nor is anything else that anybody might send.
	await assert.rejects(chain.request('author_submitExtrinsic', '0x1004ffffff'), /no transaction of this chain/);
	await chain.close();
});

test('a node that is told to end ends, and says nothing about it that is not so', async () => {
	assert.ok(node);
	const chain = await node.chain();
	await untilFinal(chain.api, 5);
	await chain.close();
	const before = node.log().length;
	assert.equal(await node.stop(), 'ended with code 0');
	// The SDK's finality voter says this if the sender of its commands ends a moment before it; nothing is lost by it.
	const lines = node.log().slice(before - 1).filter((line) => !line.includes('`voter_commands_rx` was closed'));
	for (const line of lines) assert.doesNotMatch(line, /ERROR|error|Essential task|panicked/);
});

test('an authority whose clock is behind the chain waits, and says so once a minute', { skip: noOtherClock() }, async () => {
	node = await startNode(args, clockOff(-180));
	const chain = await node.chain();
	const { number } = await chain.api.rpc.chain.getHeader();
	await sleep(6_000);
	assert.equal((await chain.api.rpc.chain.getHeader()).number.toNumber(), number.toNumber(), 'it made blocks');
	await chain.close();
	assert.equal(await node.stop(), 'ended with code 0');
	const lines = node.log();
	assert.equal(lines.filter((line) => /clock is 1\d\d s behind the newest block/.test(line)).length, 1);
	assert.deepEqual(lines.filter((line) => BROKEN.test(line)), []);
});

test('with its clock right it goes on', async () => {
	node = await startNode(args);
	const chain = await node.chain();
	const { number } = await chain.api.rpc.chain.getHeader();
	await untilFinal(chain.api, number.toNumber() + 2);
	await chain.close();
});
