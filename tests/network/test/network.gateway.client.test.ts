/** A client that is generated from the API's document, used as a shop's engineer would. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../../clients/sdk/descriptors/gateway.ts';
import { untilFinal } from '../lib/chain.ts';
import { Gateway, noGateway } from '../lib/gateway.ts';
import { Network } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { until } from './alliance.ts';
import { ALICE, bob } from './support.ts';

type Operation = components['schemas']['OperationView'];

const network = new Network(writeSpec({ founders: ['Alice', 'Bob', 'Charlie', 'Dave'], authorities: ['Alice'], rules: {} }));
const skip = noGateway();
let gateway: Gateway;
let issuer: Client<paths>;
let reader: Client<paths>;

before(async () => {
	if (skip) return;
	const { Alice } = await network.authorities(['Alice']);
	await untilFinal(Alice.chain.api, 2, 60_000);
	gateway = await Gateway.init(Alice.node.url, ALICE, 'Alice');
	await gateway.run();
	[issuer, reader] = (['issuer', 'reader'] as const).map((role) =>
		createClient<paths>({ baseUrl: gateway.url, headers: { authorization: `Bearer ${gateway.key(role)}` } }),
	) as [Client<paths>, Client<paths>];
});
after(async () => {
	await gateway?.stop();
	await network.stop();
});

/** Headers of a request that is waited for. */
const waited = () => ({ 'Idempotency-Key': randomUUID(), Prefer: 'wait=30' });

/** The number of the program that an operation made. */
const programOf = ({ result }: Operation): number => Number((result as { program?: number } | null)?.program);

test('a shop makes a program and awards points, and every answer has the type that the document says', { timeout: 120_000, skip }, async () => {
	// The document says no more of a period than that it is an object.
	const period = { quarters: 60 } as object as components['schemas']['PeriodBody'];
	const terms = { decimals: 2, face_value: 100, period, validity: 31_536_000_000, pending: 0 };
	const created = await issuer.POST('/v1/programs', {
		params: { header: waited() },
		body: { name: 'Sky Miles', symbol: 'SKY', terms },
	});
	assert.equal(created.response.status, 200, JSON.stringify(created.error));
	const operation: Operation | undefined = created.data;
	assert.equal(operation?.status, 'final');
	const program = programOf(operation!);

	await until('the program is known', 20_000, async () => (await reader.GET('/v1/programs')).data?.items.some((one) => one.program === program) ?? false);
	const awards = ['A-1', 'A-2'].map((order) => ({ program, order, to: bob.address, points: '1500' }));
	const many = await issuer.POST('/v1/awards', { params: { header: waited() }, body: awards });
	assert.equal(many.response.status, 200, JSON.stringify(many.error));
	assert.ok(many.data && 'results' in many.data, 'a list is answered with a list');
	assert.deepEqual(many.data.results.map((line) => [line.order, line.operation?.status]), [['A-1', 'final'], ['A-2', 'final']]);

	const statement = await reader.GET('/v1/statements/{period}', { params: { path: { period: 'current' } } });
	assert.ok(statement.data && typeof statement.data === 'object', 'it is JSON unless CSV is asked for');
	assert.equal(statement.data.items.find((one) => one.program === program)?.issued.units, '3000');
	const history = await reader.GET('/v1/public/accounts/{address}/history', { params: { path: { address: bob.address } } });
	assert.deepEqual(history.data?.items.map((record) => record.points?.units), ['1500', '1500']);
});

test('what is refused is a problem with its type', { timeout: 60_000, skip }, async () => {
	const body = { program: 999, order: 'A-3', to: bob.address, points: '1' };
	const unknown = await issuer.POST('/v1/awards', { params: { header: { 'Idempotency-Key': randomUUID() } }, body });
	assert.equal(unknown.data, undefined);
	assert.equal(unknown.error?.type, 'urn:hanse:gateway:not-found');
	const forbidden = await reader.POST('/v1/awards', { params: { header: { 'Idempotency-Key': randomUUID() } }, body });
	assert.equal(forbidden.response.status, 403);
	assert.match(forbidden.error?.detail ?? '', /issuer or till/);
});

test('the page and the document come from the gateway alone', { timeout: 60_000, skip }, async () => {
	const page = await fetch(`${gateway.url}/docs`);
	assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
	const text = await page.text();
	assert.ok(text.includes('id="postAwards"'), 'it has the routes');
	assert.doesNotMatch(text, /<script|<link|<img|src=|@import|url\(/);
	const document = await (await fetch(`${gateway.url}/openapi.json`)).json();
	assert.equal(document.openapi.slice(0, 3), '3.1');
});
