/** Starting and stopping the built node on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chain, connect, messageOf, sleep } from './chain.ts';

export interface Node {
	url: string;
	/** TCP port of the peer-to-peer network. */
	port: number;
	chain(): Promise<Chain>;
	/** Lets the process do nothing at all, as if its machine were gone, until `resume`. */
	pause(): void;
	resume(): void;
	/** Ends the process and waits for it; `SIGKILL` gives it no chance to tidy up. */
	stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** The node under test. */
export function binary(): string {
	const path = process.env['HANSE_BIN'];
	if (!path) throw new Error('HANSE_BIN must be the path of the built node; scripts/test sets it');
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

/** A directory that goes away with this process. */
export function temporaryDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), 'hanse-'));
	directories.push(directory);
	return directory;
}

/** Milliseconds until a node answers: it compiles its runtime first, and several do at once. */
const PATIENCE = 180_000;

/** Starts a node with `args` on free ports and waits until it answers. */
export async function startNode(args: string[]): Promise<Node> {
	const [rpcPort, port] = [await freePort(), await freePort()];
	const log = join(tmpdir(), `hanse-${process.pid}-${logs.length + 1}.log`);
	logs.push(log);
	const all = [...args, '--rpc-port', `${rpcPort}`, '--port', `${port}`, '--no-prometheus', '--no-telemetry'];
	const child = spawn(binary(), all, { stdio: ['ignore', 'pipe', 'pipe'] });
	running.add(child);
	const output = createWriteStream(log);
	child.stdout?.pipe(output);
	child.stderr?.pipe(output);

	let ended: string | undefined;
	const exit = new Promise<void>((resolve) => {
		const end = (how: string) => {
			ended = how;
			running.delete(child);
			resolve();
		};
		child.on('error', (error) => end(messageOf(error)));
		child.on('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
	});
	const url = `ws://127.0.0.1:${rpcPort}`;
	const node: Node = {
		url,
		port,
		chain: () => connect(url, PATIENCE),
		pause: () => void child.kill('SIGSTOP'),
		resume: () => void child.kill('SIGCONT'),
		async stop(signal = 'SIGTERM') {
			child.kill(signal);
			child.kill('SIGCONT');
			// A node that does not end by itself must not outlive the test.
			const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
			await exit;
			clearTimeout(patience);
		},
	};
	try {
		const first = await Promise.race([
			node.chain(),
			exit.then(() => Promise.reject(new Error(`the node ${ended}`))),
		]);
		await first.close();
	} catch (error) {
		await node.stop('SIGKILL');
		await sleep(100);
		throw new Error(`${messageOf(error)}; its log ends:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
	}
	return node;
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
		});
	});
}
