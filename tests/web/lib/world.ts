/** A development chain and the gateway of two shops, as a real node and a real gateway, for as long as a test lasts. */
import { spawn, type ChildProcess, execFile } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Change, writeSpec } from './spec.ts';

const run = promisify(execFile);

const { HANSE_BIN, HANSE_GATEWAY_BIN, HANSE_GATEWAY_PAGES, HANSE_WEB_CONFIG } = process.env;
/** Where the tests listen: the node, its peers, and the gateway. */
const PORT = Number(process.env.HANSE_WEB_PORT ?? 9960);
/** Where a second world does. */
const SECOND = PORT + 3;

/** What an institution that is a shop is called here, as the chain's genesis has it. */
export const SHOPS = { 1: 'Alster Air', 2: 'Bergen Books' } as const;
const FOUNDERS = { 1: '//Alice', 2: '//Bob' } as const;
export type Shop = keyof typeof SHOPS;

export interface World {
	node: string;
	/** Of the pages. A passkey belongs to a name, so it is none of numbers. */
	web: string;
	/** A new access key. */
	access(shop: Shop, role: string, till?: string): Promise<string>;
	/** The programs of the two shops, which are made if they are not there. */
	programs(): Promise<[number, number]>;
	/** Asks the gateway as a shop's system does, and answers what it says. */
	api<T>(path: string, key?: string, body?: unknown): Promise<T>;
	close(): Promise<void>;
}

let opened: Promise<World> | undefined;

/** The one world of a run; or what runs already, by the file that configures its gateway (`HANSE_WEB_CONFIG`). */
export const open = (): Promise<World> => (opened ??= HANSE_WEB_CONFIG ? running(HANSE_WEB_CONFIG) : start(PORT));
export const closeAll = async () => (await opened)?.close();

/** A world of its own beside that, whose chain is another; whoever opens it closes it. */
export const openOther = (change: Change): Promise<World> => start(SECOND, change);

const running = async (config: string) => world(binaries().gateway, config, async () => {});

function binaries(): { node: string; gateway: string } {
	if (!HANSE_BIN || !HANSE_GATEWAY_BIN) throw new Error('HANSE_BIN and HANSE_GATEWAY_BIN name the node and the gateway that are tested');
	return { node: HANSE_BIN, gateway: HANSE_GATEWAY_BIN };
}

/** Starts it all. */
async function start(port: number, change?: Change): Promise<World> {
	const { node, gateway } = binaries();
	const folder = mkdtempSync(join(tmpdir(), 'hanse-web-'));
	const children: ChildProcess[] = [];
	const config = join(folder, 'gateway.toml');
	const begin = (binary: string, args: string[], name: string) => {
		const log = createWriteStream(join(folder, `${name}.log`));
		const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.pipe(log);
		child.stderr.pipe(log);
		children.push(child);
	};
	const close = async () => {
		const ended = children.filter(({ exitCode }) => exitCode === null).map((child) => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM'))));
		await Promise.all(ended);
		if (process.env.HANSE_KEEP) console.log(`kept: ${folder}`);
		else rmSync(folder, { recursive: true, force: true });
	};
	try {
		begin(node, [
			'--dev', ...(change ? ['--chain', writeSpec(node, folder, change)] : []), '--base-path', join(folder, 'chain'),
			'--rpc-port', String(port), '--port', String(port + 1), '--no-prometheus',
			'--rpc-rate-limit', '1000000', '--state-pruning', 'archive', '--blocks-pruning', 'archive', '--rpc-methods', 'unsafe',
		], 'node');
		writeFileSync(config, `node = "ws://127.0.0.1:${port}"\ndatabase = "sqlite://gateway.db"\nlisten = "127.0.0.1:${port + 2}"\n`);
		for (const shop of [1, 2] as const) {
			await retried(() => run(gateway, ['init', '--institution', String(shop), '--sign-with', FOUNDERS[shop], '--config', config]));
		}
		begin(gateway, ['run', '--config', config, ...(HANSE_GATEWAY_PAGES ? ['--pages', HANSE_GATEWAY_PAGES] : [])], 'gateway');
		const made = world(gateway, config, close);
		await retried(() => made.api('/health/ready'));
		return made;
	} catch (error) {
		for (const name of ['node', 'gateway']) {
			const log = join(folder, `${name}.log`);
			if (existsSync(log)) console.error(`${name}: ${readFileSync(log, 'utf8').slice(-2_000)}`);
		}
		await close();
		throw error;
	}
}

function world(gateway: string, config: string, close: () => Promise<void>): World {
	const written = readFileSync(config, 'utf8');
	const node = /node = "(.*)"/.exec(written)?.[1] ?? '';
	const web = `http://localhost:${/listen = ".*:(\d+)"/.exec(written)?.[1]}`;
	const made: World = {
		node, web, close,
		async access(shop, role, till) {
			const name = ['--name', till ?? role, ...(till ? ['--till', till] : [])];
			const { stdout } = await run(gateway, ['access', '--config', config, 'create', '--institution', String(shop), '--role', role, ...name]);
			return stdout.trim();
		},
		async api<T>(path: string, key?: string, body?: unknown): Promise<T> {
			const response = await fetch(`${web}${path}`, {
				method: body === undefined ? 'GET' : 'POST',
				headers: {
					...(key ? { authorization: `Bearer ${key}` } : {}), prefer: 'wait=30',
					...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			const answer = (await response.json()) as T & { status?: unknown };
			if (!response.ok || ['failed', 'expired', 'stuck'].includes(String(answer.status))) throw new Error(`${path}: ${JSON.stringify(answer)}`);
			return answer;
		},
		async programs() {
			const list = async () => (await made.api<{ items: { program: number; issuer: number }[] }>('/v1/programs')).items;
			const of = (items: { program: number; issuer: number }[], shop: number) => items.find(({ issuer }) => issuer === shop)?.program;
			for (const [shop, name, symbol] of [[1, 'Sky Miles', 'SKY'], [2, 'Book Stars', 'STAR']] as const) {
				if (of(await list(), shop) !== undefined) continue;
				const terms = { decimals: 0, face_value: 10_000, period: { milliseconds: 2_592_000_000 }, validity: 5_184_000_000, pending: 0 };
				await made.api('/v1/programs', await made.access(shop, 'issuer'), { name, symbol, terms });
			}
			return retried(async () => {
				const items = await list();
				const [first, second] = [of(items, 1), of(items, 2)];
				if (first === undefined || second === undefined) throw new Error('the programs are not there');
				return [first, second];
			});
		},
	};
	return made;
}

/** Again until it works, for three minutes at most: the machine may have much else to do. */
async function retried<T>(act: () => Promise<T>): Promise<T> {
	for (const end = Date.now() + 180_000; ; ) {
		try {
			return await act();
		} catch (error) {
			if (Date.now() > end) throw error;
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
	}
}
