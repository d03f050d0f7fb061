import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonRpcProvider } from 'polkadot-api';
import { patient } from '../src/patient.ts';

/** A node that refuses the first `refusals` requests, and what it was sent; like the library it changes what it is given. */
function node(refusals: number, sent: unknown[]): JsonRpcProvider {
	return (answer) => ({
		send(request) {
			const { id = null, method } = request;
			request.id = `changed ${id}`;
			sent.push(id);
			const result = sent.length <= refusals ? { result: 'limitReached' } : { result: 'started', operationId: method };
			queueMicrotask(() => answer({ jsonrpc: '2.0', id, result }));
		},
		disconnect() {},
	});
}

const request = (method: string, id: number) => ({ jsonrpc: '2.0' as const, id, method, params: [] });

test('a read that the node has no room for is sent again, and heard of once', async () => {
	const sent: unknown[] = [];
	const heard = await new Promise((resolve) => patient(node(3, sent))(resolve).send(request('chainHead_v1_storage', 7)));
	assert.deepEqual(heard, { jsonrpc: '2.0', id: 7, result: { result: 'started', operationId: 'chainHead_v1_storage' } });
	assert.deepEqual(sent, [7, 7, 7, 7]);
});

test('what is no read is answered as the node answers', async () => {
	const sent: unknown[] = [];
	const heard = await new Promise((resolve) => patient(node(1, sent))(resolve).send(request('chain_getHeader', 8)));
	assert.deepEqual(heard, { jsonrpc: '2.0', id: 8, result: { result: 'limitReached' } });
	assert.deepEqual(sent, [8]);
});

test('nothing is sent any more to a node that is left', async () => {
	const sent: unknown[] = [];
	const connection = patient(node(Infinity, sent))(() => assert.fail('heard something'));
	connection.send(request('chainHead_v1_call', 9));
	await new Promise((resolve) => setTimeout(resolve, 1));
	connection.disconnect();
	await new Promise((resolve) => setTimeout(resolve, 60));
	assert.deepEqual(sent, [9]);
});
