/** Starting and stopping the built node on loopback. */
import { join } from 'node:path';
import { type Chain, connect, messageOf, sleep } from './chain.ts';
import { type Running, start, temporaryDirectory } from './process.ts';

export { temporaryDirectory };

export interface Node extends Running {
	url: string;
	/** Where its peers reach it. */
	address: string;
	chain(): Promise<Chain>;
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

/** Where all tests of a run keep what is the same for all: `test/all.ts` says where, else each process has its own. */
export const shared = (): string => (process.env['HANSE_SHARED'] ??= temporaryDirectory());

/** Milliseconds until a node answers: it compiles its runtime first, and several do at once. */
const PATIENCE = 180_000;

/**
 * Starts a node with `args`, and with `env` added to its environment, and waits until it answers. The system
 * chooses its ports when it opens them, so that no two nodes on this machine want the same; a node whose `args` say
 * where it listens is found there again after its end. It has metrics if `args` name their port.
 */
export async function startNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Node> {
	const listen = args.includes('--listen-addr') ? [] : ['--listen-addr', '/ip4/127.0.0.1/tcp/0'];
	const metrics = args.includes('--prometheus-port') ? [] : ['--no-prometheus'];
	const own = ['--rpc-port', '0', ...metrics, '--no-telemetry', '--wasm-cache', join(shared(), 'wasm')];
	const running = start(binary(), [...args, ...listen, ...own], env);
	try {
		const deadline = Date.now() + PATIENCE;
		for (;;) {
			if (running.ended() !== undefined) throw new Error(`the node ${running.ended()}`);
			if (Date.now() > deadline) throw new Error(`the node did not answer within ${PATIENCE / 1000} s`);
			const port = /Running JSON-RPC server: addr=(?:127\.0\.0\.1|0\.0\.0\.0):(\d+)/.exec(running.log().join('\n'))?.[1];
			const address = port && (await addressOf(port));
			if (address) {
				const url = `ws://127.0.0.1:${port}`;
				return { ...running, url, address, chain: () => connect(url, PATIENCE) };
			}
			await sleep(100);
		}
	} catch (error) {
		await running.stop('SIGKILL');
		throw new Error(`${messageOf(error)}; its log ends:\n${running.log().slice(-15).join('\n')}`);
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
