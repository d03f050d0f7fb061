/** `hanse doctor` finds what is wrong with a node, and nothing with one that is well. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sleep, untilFinal } from '../lib/chain.ts';
import { type Member, foundChain, insertKeys, member, phraseOf } from '../lib/founding.ts';
import { type Node, binary, nextRuntime, startNode, temporaryDirectory } from '../lib/node.ts';
import { dev, devWith, local } from '../lib/spec.ts';
import { clockOff, noOtherClock } from './clock.ts';

interface Finding {
	level: 'ok' | 'warning' | 'FAULT';
	about: string;
	seen: string;
	todo: string | null;
}
interface Report {
	level: Finding['level'];
	code: number | null;
	findings: Finding[];
}

/** What each planted fault was found as: at the end, how many kinds were found. */
const found = new Set<string>();
const running: Node[] = [];
after(() => Promise.all(running.map((node) => node.stop())));

async function start(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Node> {
	const node = await startNode(args, env);
	running.push(node);
	return node;
}

/** What the doctor says of the node at `url`; `shell` comes before the command in the same shell. */
async function doctor(url: string, args: string[], env: NodeJS.ProcessEnv = {}, shell = 'ulimit -n $(ulimit -H -n)'): Promise<Report> {
	const command = [binary(), 'doctor', '--json', '--rpc-url', url.replace('ws', 'http'), ...args];
	const child = spawn('bash', ['-c', `${shell}; exec "$@"`, 'doctor', ...command], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	child.stdout.on('data', (data) => (text += data));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { ...JSON.parse(text), code };
}

/** A planted fault is found, by its line and by the exit code. */
function finds(report: Report, about: string, level: Finding['level'], seen: RegExp): void {
	const finding = report.findings.find((one) => one.about === about);
	assert.ok(finding, `nothing about ${about}: ${JSON.stringify(report)}`);
	assert.equal(finding.level, level, JSON.stringify(finding));
	assert.match(finding.seen, seen);
	assert.ok(finding.todo, 'it says what to do');
	assert.ok((report.code ?? 0) >= (level === 'FAULT' ? 2 : 1), `exit code ${report.code}`);
	found.add(`${about}: ${finding.seen.replace(/[\d.]+/g, 'N')}`);
}

const worst = (report: Report, ...besides: string[]) => report.findings.filter(({ level, about }) => level !== 'ok' && !besides.includes(about));

test('a node that is well has nothing, as a table and as JSON', async () => {
	const base = temporaryDirectory();
	const node = await start([...dev(), '--base-path', base]);
	const chain = await node.chain();
	await untilFinal(chain.api, 3);
	await chain.close();
	const at = ['--base-path', base];
	const report = await doctor(node.url, at);
	// How full this machine's disk is, and what its container allows, is not the test's.
	assert.deepEqual(worst(report, 'disk', 'memory', 'open files'), []);
	assert.equal(report.findings.length, 13);
	const table = execFileSync('bash', ['-c', '"$@" || test $? = 1', 'doctor', binary(), 'doctor', '--rpc-url', node.url, ...at], { encoding: 'utf8' });
	assert.match(table, /^ok +finality +\d blocks behind the newest one$/m);

	await test('and this machine or this call may still be at fault', { skip: noOtherClock() }, async () => {
		finds(await doctor(node.url, at, clockOff(-30)), 'clock', 'FAULT', /behind the chain/);
		finds(await doctor(node.url, at, clockOff(30)), 'clock', 'FAULT', /this machine is ahead/);
		finds(await doctor(node.url, at, {}, 'ulimit -n 256'), 'open files', 'warning', /at most 256/);
		finds(await doctor(node.url, ['--base-path', temporaryDirectory(), '--chain', 'dev']), 'database', 'FAULT', /none/);
	});
	await node.stop();
	finds(await doctor(node.url, at), 'node', 'FAULT', /does not answer/);
});

test('what is open to others is found', async () => {
	const unsafe = await start([...dev(), '--tmp', '--rpc-methods', 'unsafe']);
	finds(await doctor(unsafe.url, []), 'rpc', 'FAULT', /serves unsafe methods/);
	await unsafe.stop();
	const exposed = await start([...dev(), '--tmp', '--unsafe-rpc-external']);
	finds(await doctor(exposed.url, []), 'rpc', 'warning', /open to other machines/);
	await exposed.stop();
});

test('finality that stands, a chain that stands, a node that is alone and a newer runtime are found', async () => {
	const [without, alone, newer] = await Promise.all([
		start([...dev(), '--tmp', '--no-grandpa']),
		start(['--chain', local(), '--tmp', '--no-mdns']),
		start([...devWith(readFileSync(nextRuntime())), '--tmp']),
	]);
	const report = await doctor(alone.url, ['--watch', '3']);
	finds(report, 'peers', 'FAULT', /alone/);
	finds(report, 'blocks', 'FAULT', /none came in 3 s/);
	finds(await doctor(newer.url, []), 'version', 'warning', /the chain's runtime is \d+, this binary was built with \d+/);
	const chain = await without.chain();
	while ((await chain.api.rpc.chain.getHeader()).number.toNumber() < 12) await sleep(500);
	await chain.close();
	finds(await doctor(without.url, []), 'finality', 'warning', /\d\d blocks behind/);
});

test('keys that are missing, of somebody else, in half or readable are found', async () => {
	const base = temporaryDirectory();
	const hosts = temporaryDirectory();
	const [ours, ...others] = ['Ours', 'Second', 'Third', 'Fourth'].map((name) => member(hosts, name)) as [Member, Member, Member, Member];
	const stranger = member(hosts, 'Stranger');
	const { spec } = foundChain(hosts, 'doctor', [ours, ...others]);
	const node = await start(['--chain', spec, '--base-path', base, '--validator', '--unsafe-force-node-key-generation', '--no-mdns']);
	const look = () => doctor(node.url, ['--base-path', base, '--watch', '3']);
	const keystore = join(base, 'chains', 'doctor', 'keystore');
	mkdirSync(keystore, { recursive: true });
	const insert = (type: string, scheme: string, phrase: string) =>
		execFileSync(binary(), ['key', 'insert', '--chain', spec, '--base-path', base, '--key-type', type, '--scheme', scheme, '--suri', phrase]);

	finds(await look(), 'keys', 'FAULT', /without keys makes no blocks/);
	insertKeys(spec, stranger, base);
	finds(await look(), 'keys', 'FAULT', /none of this node's keys/);
	for (const file of readdirSync(keystore)) rmSync(join(keystore, file));
	insert('aura', 'sr25519', phraseOf(ours, 'aura'));
	finds(await look(), 'keys', 'FAULT', /GRANDPA key of this authority is not on this machine/);
	insert('gran', 'ed25519', phraseOf(ours, 'grandpa'));
	const whole = (await look()).findings.find(({ about }) => about === 'keys');
	assert.equal(whole?.level, 'ok', JSON.stringify(whole));
	for (const file of readdirSync(keystore)) chmodSync(join(keystore, file), 0o644);
	finds(await look(), 'keys', 'FAULT', /others on this machine can read/);
});

test('ten kinds of faults and more were planted, and each was found', () => {
	console.log([...found].join('\n'));
	assert.ok(found.size >= 14, `${found.size} kinds`);
});
