/** What the client of the gateway does with a gateway that fails now and then. */
import assert from 'node:assert/strict';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Gateway, NotDone, type Operation, Silent } from '../src/gateway.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, place: number) => void;

/** Serves `answer` while `use` runs, and says what was asked: its line, its key and its body. */
async function served(answer: Answer, use: (gateway: Gateway) => Promise<void>): Promise<string[]> {
	const asked: string[] = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += part;
		asked.push([request.method, request.url, request.headers['idempotency-key'], body].join(' '));
		answer(request, response, asked.length);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await use(new Gateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'hanse_x', 1_500));
	} finally {
		server.closeAllConnections();
		server.close();
	}
	return asked;
}

const operation = (status: string, error: object | null = null) => JSON.stringify({ id: 'o', status, error });
const problem = JSON.stringify({ type: 'urn:hanse:points.NotPending', title: '', status: 422, detail: 'Too late.', retryable: false });

test('whoever was killed is asked the same again, with the same key, until a final block has it', async () => {
	const asked = await served((_, response, place) => {
		if (place === 1) response.destroy();
		else if (place === 2) response.writeHead(503, { 'retry-after': '0' }).end(problem);
		else response.end(operation(place === 3 ? 'sent' : 'final'));
	}, async (gateway) => {
		const done: Operation = await gateway.done('/v1/awards', { order: 'A-1' });
		assert.equal(done.status, 'final');
		assert.deepEqual([gateway.repeated, gateway.open], [2, 0]);
	});
	assert.equal(asked.length, 4);
	assert.equal(new Set(asked.slice(0, 3)).size, 1, asked.join('\n'));
	assert.match(asked[0] ?? '', /^POST \/v1\/awards 0x[0-9a-f]{64} \{"order":"A-1"\}$/);
	assert.match(asked[3] ?? '', /^GET \/v1\/operations\/o /);
});

test('another request has another key', async () => {
	const asked = await served((_, response) => response.end(operation('final')), async (gateway) => {
		await gateway.done('/v1/awards', { order: 'A-1' });
		await gateway.done('/v1/awards', { order: 'A-2' });
	});
	assert.notEqual(asked[0]?.split(' ')[2], asked[1]?.split(' ')[2]);
});

test('what the chain refuses and what the gateway refuses is said, and not asked again', async () => {
	const asked = await served((_, response, place) => {
		if (place === 1) response.end(operation('failed', JSON.parse(problem) as object));
		else response.writeHead(422).end(problem);
	}, async (gateway) => {
		for (let i = 0; i < 2; i++) {
			const refused = (error: unknown) => error instanceof NotDone && error.reason === 'points.NotPending';
			await assert.rejects(gateway.done('/v1/awards', {}), refused);
		}
	});
	assert.equal(asked.length, 2);
});

test('a gateway that stays away is given up', async () => {
	await served((_, response) => response.destroy(), async (gateway) => {
		await assert.rejects(gateway.get('/v1/programs'), Silent);
		assert.ok(gateway.repeated > 1);
	});
});
