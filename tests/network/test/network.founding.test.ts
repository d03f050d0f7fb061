/** Four institutions found a live alliance, each on a host of its own, and nobody sees another's keys. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { untilFinal } from '../lib/chain.ts';
import { type Member, found, foundChain, insertKeys, member } from '../lib/founding.ts';
import { type Node, binary, startNode, temporaryDirectory } from '../lib/node.ts';

const NAMES = ['Alster Air', 'Bergen Books', 'Cog Hotels', 'Danzig Department Store'];
const nodes: Node[] = [];
after(() => Promise.all(nodes.map((node) => node.stop())));

const hosts = NAMES.map(() => temporaryDirectory());
const members = NAMES.map((name, i) => member(hosts[i]!, name));

test('a member\'s keys are readable for nobody else, and what it sends has public keys only', () => {
	for (const { directory, entry } of members) {
		for (const file of readdirSync(directory)) assert.equal(statSync(join(directory, file)).mode & 0o077, 0, file);
		const secrets = ['account', 'aura', 'grandpa'].map((key) => JSON.parse(readFileSync(join(directory, `${key}.json`), 'utf8')));
		const sent = readFileSync(entry, 'utf8');
		assert.deepEqual(Object.keys(JSON.parse(sent)), ['name', 'account', 'reserve', 'aura', 'grandpa']);
		for (const { secretPhrase, secretSeed } of secrets) assert.ok(!sent.includes(secretPhrase) && !sent.includes(secretSeed));
	}
	const again = found('member', '--name', 'Alster Air', members[0]!.directory);
	assert.deepEqual([again.code, /has keys already/.test(again.said)], [1, true]);
});

test('who must not found a live chain is told why', () => {
	const entry = (change: object): string => {
		const path = join(temporaryDirectory(), 'founder.json');
		writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(members[3]!.entry, 'utf8')), ...change }));
		return path;
	};
	const three = members.slice(0, 3).map(({ entry }) => entry);
	const first = JSON.parse(readFileSync(members[0]!.entry, 'utf8'));
	const cases: [string[], RegExp][] = [
		[three, /at least 4 founders, not 3/],
		[[...three, entry({ aura: first.aura })], /Aura key .* is used twice/],
		[[...three, entry({ account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' })], /is a development key/],
		[[...three, entry({ name: 'Alster  Air' })], /name/],
		[[...three, entry({ name: 'ALSTER AIR' })], /two founders are called/],
		[[...three, entry({ bond: 1 })], /unknown field `bond`/],
		[[...three, join(temporaryDirectory(), 'nothing.json')], /cannot be read/],
	];
	for (const [files, why] of cases) {
		const { code, said, out } = found('chain', '--id', 'refused', ...files);
		assert.equal(code, 1, said);
		assert.match(said, why);
		assert.equal(out, '', 'nothing is written that looks like a chain');
	}
	assert.equal(found('chain', ...three).code, 2, 'a chain has an id');
});

test('the same chain is founded on every host, finalises, and the doctor finds each node well', { timeout: 600_000 }, async () => {
	const orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
	const made = orders.map((order, i) => foundChain(hosts[i]!, 'founded', order.map((k) => members[k]!)));
	assert.equal(new Set(made.map(({ sum }) => sum)).size, 1, 'the sums differ');
	assert.match(made[0]!.sum, /^[0-9a-f]{64}$/);

	const bases = hosts.map((host) => join(host, 'data'));
	const start = async (i: number, ...args: string[]) => {
		const { directory } = members[i] as Member;
		mkdirSync(bases[i]!, { recursive: true });
		insertKeys(made[i]!.spec, members[i]!, bases[i]!);
		const node = await startNode(['--chain', made[i]!.spec, '--base-path', bases[i]!, '--validator', '--no-mdns', '--discover-local', '--node-key-file', join(directory, 'node.key'), ...args]);
		nodes.push(node);
		return node;
	};
	const first = await start(0);
	await Promise.all([1, 2, 3].map((i) => start(i, '--bootnodes', first.address)));
	const chain = await first.chain();
	await untilFinal(chain.api, 24, 400_000);
	await chain.close();
	for (const [i, node] of nodes.entries()) {
		const out = execFileSync('bash', ['-c', 'ulimit -n $(ulimit -H -n); "$@" || test $? = 1', 'doctor', binary(), 'doctor', '--json', '--rpc-url', node.url, '--base-path', bases[i]!], { encoding: 'utf8' });
		const { findings } = JSON.parse(out) as { findings: { about: string; level: string; seen: string }[] };
		for (const about of ['clock', 'blocks', 'peers', 'finality', 'rpc', 'keys', 'turns', 'database']) {
			const finding = findings.find((one) => one.about === about);
			assert.equal(finding?.level, 'ok', JSON.stringify(finding));
		}
	}
});
