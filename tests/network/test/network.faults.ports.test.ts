/** What strangers send to a node's ports: it goes on for everybody else. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect as dial } from 'node:net';
import { after, before, test } from 'node:test';
import { WsProvider } from '@polkadot/api';
import { compactToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { type Chain, sleep, untilFinal } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { local, dev } from '../lib/spec.ts';

let node: Node;
let chain: Chain;
before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
});
after(async () => {
	await chain.close();
	await node.stop();
});

const goesOn = async () => untilFinal(chain.api, (await chain.api.rpc.chain.getHeader()).number.toNumber() + 3, 60_000);

/** Writes `bytes` to a port, and waits until the other side or a moment ends it. */
const throwAt = (port: number, bytes: Uint8Array) =>
	new Promise<void>((resolve) => {
		const socket = dial(port, '127.0.0.1', () => socket.write(bytes));
		const end = () => (socket.destroy(), resolve());
		socket.on('error', end).on('close', end).setTimeout(300, end);
	});

const portOf = (address: string) => Number(/(?:tcp\/|:)(\d+)/.exec(address.replace('ws://127.0.0.1', ''))?.[1]);

test('unsafe methods are refused, and so is a batch of 101 calls', async () => {
	const ask = async (body: unknown) => {
		const answer = await fetch(node.url.replace('ws', 'http'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
		return (await answer.json()) as { error?: { message: string } };
	};
	const refused: [string, ...unknown[]][] = [
		['author_rotateKeys'], ['author_insertKey', 'aura', '//Mallory', '0x00'], ['system_addReservedPeer', '/ip4/127.0.0.1'], ['system_addLogFilter', 'trace'],
		['author_removeExtrinsic', []],
	];
	for (const [method, ...params] of refused) {
		const { error } = await ask({ id: 1, jsonrpc: '2.0', method, params });
		assert.match(error?.message ?? '', /unsafe/i, method);
	}
	const batch = Array.from({ length: 101 }, (_, id) => ({ id, jsonrpc: '2.0', method: 'system_health', params: [] }));
	assert.match(JSON.stringify(await ask(batch)), /batch/i);
	assert.equal((await ask(batch.slice(1)) as unknown as unknown[]).length, 100);
});

test('a hundred clients hear of new blocks, and the next one is turned away until one leaves', { timeout: 120_000 }, async () => {
	// One is the test's own.
	const clients = await Promise.all(Array.from({ length: 99 }, async () => {
		const provider = new WsProvider(node.url, false);
		await provider.connect();
		await provider.isReady;
		return provider;
	}));
	const heard = clients.map(() => 0);
	await Promise.all(clients.map((client, i) => client.subscribe('chain_newHead', 'chain_subscribeNewHeads', [], () => void heard[i]!++)));
	await sleep(8_000);
	assert.ok(heard.every((count) => count >= 3), `heard: ${heard.join(' ')}`);
	const answer = await fetch(node.url.replace('ws', 'http'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"id":1,"jsonrpc":"2.0","method":"system_health","params":[]}' });
	assert.equal(answer.status, 429);
	await Promise.all(clients.map((client) => client.disconnect()));
	await goesOn();
	console.log(`99 clients heard of ${heard.reduce((a, b) => a + b)} blocks in all`);
});

test('bytes without sense at the port of JSON-RPC and at that of peers change nothing', { timeout: 240_000 }, async () => {
	const shapes = [
		() => randomBytes(1_000), () => Buffer.alloc(0), () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n'),
		() => Buffer.from('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{'),
		() => Buffer.from('\x13/multistream/1.0.0\n\xff\xff\xff\xff\xff\xff\xff\xff', 'latin1'), () => Buffer.from('\x13/multistream/1.0.0\n\x07/noise\n' + 'z'.repeat(70_000), 'latin1'),
	];
	const ports = [portOf(node.url), portOf(node.address)];
	assert.ok(ports.every((port) => port > 1_000) && ports[0] !== ports[1], `${ports}`);
	let thrown = 0;
	for (let round = 0; round < 20; round++) {
		await Promise.all(ports.flatMap((port) => shapes.map((shape) => throwAt(port, shape()).then(() => thrown++))));
	}
	assert.equal(thrown, 240);
	for (const body of ['', '{', '[]', '{"id":1}', '{"jsonrpc":"2.0","method":"chain_getBlock","params":["0x00"],"id":1}', 'x'.repeat(16 * 1024 * 1024)]) {
		const answer = await fetch(node.url.replace('ws', 'http'), { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined);
		if (answer?.ok) assert.doesNotMatch(await answer.text(), /"result"/);
	}
	assert.equal(node.ended(), undefined);
	await goesOn();
});

test('calls in calls without end are refused, however they are asked about, and the node goes on', { timeout: 120_000 }, async () => {
	const { tx } = chain.api;
	const [batch, remark] = [tx.utility!['batch']!, tx.system!['remark']!].map((call) => call.callIndex) as [Uint8Array, Uint8Array];
	for (const depth of [2_000, 20_000]) {
		// A batch of one call each, the last of which is a remark without bytes.
		const call = [...Array.from({ length: depth }, () => [...batch, 4]).flat(), ...remark, 0];
		const bytes = u8aConcat(compactToU8a(call.length + 1), [4], call);
		const [transaction, length] = [u8aToHex(bytes), u8aToHex(new Uint8Array(new Uint32Array([bytes.length]).buffer))];
		// From outside, and about the block of genesis.
		const validity = `0x02${transaction.slice(2)}${chain.api.genesisHash.toHex().slice(2)}`;
		const ways: [string, ...string[]][] = [
			['author_submitExtrinsic', transaction], ['payment_queryInfo', transaction],
			['state_call', 'TaggedTransactionQueue_validate_transaction', validity],
			['state_call', 'TransactionPaymentApi_query_info', `${transaction}${length.slice(2)}`],
		];
		for (const [method, ...params] of ways) {
			const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method, params });
			const answer = await fetch(node.url.replace('ws', 'http'), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
			const { error, result } = (await answer.json()) as { error?: { message: string; data?: string }; result?: unknown };
			assert.ok(error, `${method} of ${depth} calls: ${JSON.stringify(result)}`);
			if (method === 'author_submitExtrinsic') assert.match(JSON.stringify(error), /no transaction of this chain/);
		}
	}
	assert.equal(node.ended(), undefined);
	await goesOn();
});

test('a node of another chain at the port of peers is turned away', { timeout: 240_000 }, async () => {
	const stranger = await startNode(['--chain', local(), '--tmp', '--no-mdns', '--bootnodes', node.address]);
	try {
		await sleep(10_000);
		assert.equal((await chain.api.rpc.system.health()).peers.toNumber(), 0);
		await goesOn();
	} finally {
		await stranger.stop();
	}
});
