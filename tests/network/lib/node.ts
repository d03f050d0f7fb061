/** Starting and stopping the built node on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chain, connect, messageOf, sleep } from './chain.ts';

export interface Node {
	url: string;
	/** Where its peers reach it. */
	address: string;
	chain(): Promise<Chain>;
	/** Lets the process do nothing at all, as if its machine were gone, until `resume`. */
	pause(): void;
	resume(): void;
	/** Ends the process, waits for it and says how it ended; `SIGKILL` gives it no chance to tidy up. */
	stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<string>;
	/** What it has said so far, line by line. */
	log(): string[];
}

/** The node under test. */
export function binary(): string {
	const path = process.env['HANSE_BIN'];
	if (!path) throw new Error('HANSE_BIN must be the path of the built node; scripts/test sets it');
	return path;
}

/** The path of the next runtime, compressed, which differs from this one in its version only. */
export function nextRuntime(): string {
	const path = process.env['HANSE_NEXT_WASM'];
	if (!path) throw new Error('HANSE_NEXT_WASM must be the path of a compressed runtime with a higher spec_version');
	return path;
}

/** What must not outlive this process. */
const running = new Set<ChildProcess>();
const directories: string[] = [];
/** The nodes' logs, which stay where something failed. */
const logs: string[] = [];
process.on('exit', (code) => {
	running.forEach((child) => child.kill('SIGKILL'));
	directories.forEach((directory) => rmSync(directory, { recursive: true, force: true }));
	if (code === 0) logs.forEach((log) => rmSync(log, { force: true }));
	else if (logs.length > 0) console.error(`Logs of the nodes: ${logs.join(' ')}`);
});

// Whoever stops a test, by hand or since it hangs, stops its nodes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A directory that goes away with this process. */
export function temporaryDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), 'hanse-'));
	directories.push(directory);
	return directory;
}

/** Where all tests of a run keep what is the same for all: `test/all.ts` says where, else each process has its own. */
export const shared = (): string => (process.env['HANSE_SHARED'] ??= temporaryDirectory());

/** Milliseconds until a node answers: it compiles its runtime first, and several do at once. */
const PATIENCE = 180_000;

/**
 * Starts a node with `args`, and with `env` added to its environment, and waits until it answers. The system
 * chooses its ports when it opens them, so that no two nodes on this machine want the same.
 */
export async function startNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Node> {
	const path = join(tmpdir(), `hanse-${process.pid}-${logs.length + 1}.log`);
	logs.push(path);
	const output = openSync(path, 'w');
	const listen = ['--rpc-port', '0', '--listen-addr', '/ip4/127.0.0.1/tcp/0', '--no-prometheus', '--no-telemetry'];
	const all = [...args, ...listen, '--wasm-cache', join(shared(), 'wasm')];
	const child = spawn(binary(), all, { env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
	closeSync(output);
	running.add(child);

	let ended: string | undefined;
	const exit = new Promise<string>((resolve) => {
		const end = (how: string) => {
			ended = how;
			running.delete(child);
			resolve(how);
		};
		child.on('error', (error) => end(messageOf(error)));
		child.on('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
	});
	const log = () => readFileSync(path, 'utf8').split('\n');
	async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
		child.kill(signal);
		child.kill('SIGCONT');
		// A node that does not end by itself must not outlive the test.
		const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
		return exit.finally(() => clearTimeout(patience));
	}
	try {
		const deadline = Date.now() + PATIENCE;
		for (;;) {
			if (ended !== undefined) throw new Error(`the node ${ended}`);
			if (Date.now() > deadline) throw new Error(`the node did not answer within ${PATIENCE / 1000} s`);
			const port = /Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/.exec(log().join('\n'))?.[1];
			const address = port && (await addressOf(port));
			if (address) {
				const url = `ws://127.0.0.1:${port}`;
				const pause = () => void child.kill('SIGSTOP');
				const resume = () => void child.kill('SIGCONT');
				return { url, address, chain: () => connect(url, PATIENCE), pause, resume, stop, log };
			}
			await sleep(100);
		}
	} catch (error) {
		await stop('SIGKILL');
		throw new Error(`${messageOf(error)}; its log ends:\n${log().slice(-15).join('\n')}`);
	}
}

/** Where the node whose RPC is at `port` listens for peers, as soon as it does. */
async function addressOf(port: string): Promise<string | undefined> {
	const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method: 'system_localListenAddresses', params: [] });
	const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
	const answer = await fetch(`http://127.0.0.1:${port}`, request).catch(() => undefined);
	const { result = [] } = (await answer?.json().catch(() => ({}))) ?? {} as { result?: string[] };
	return (result as string[]).find((address) => address.startsWith('/ip4/127.0.0.1/tcp/') && !address.includes('/tcp/0/'));
}
