/** An institution's gateway, started and asked as those who use it do. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, sleep } from './chain.ts';
import { type Running, start, temporaryDirectory } from './process.ts';

/** Why what needs a gateway is left out; false where there is one. */
export const noGateway = (): string | false =>
	process.env['HANSE_GATEWAY_BIN'] ? false : 'HANSE_GATEWAY_BIN is not the path of the built hanse-gateway; scripts/test builds it and sets this';

/** The gateway under test. */
export function binary(): string {
	const path = process.env['HANSE_GATEWAY_BIN'];
	if (!path || !existsSync(path)) throw new Error(`HANSE_GATEWAY_BIN is ${path ?? 'not set'}: build the gateway by scripts/test --gateway`);
	return path;
}

/** A role's keys to the API that tests use. */
const ROLES = ['issuer', 'reader'] as const;
type Role = (typeof ROLES)[number];

/** Milliseconds until it serves: keys are sealed so that opening them takes a while. */
const PATIENCE = 60_000;

export interface Problem {
	type: string;
	detail: string;
	retryable: boolean;
}

export interface Operation {
	id: string;
	/** As in `award`. */
	kind: string;
	/** As in `accepted`, `signed`, `sent`, `in_block`, `final`, `failed`. */
	status: string;
	reference: string | null;
	/** The hash of the transaction that carries it. */
	transaction: string | null;
	block: number | null;
	error: Problem | null;
}

export interface Answer {
	status: number;
	headers: Headers;
	body: any;
	/** How long it took, in milliseconds. */
	took: number;
}

/** How a command of the gateway ended, and what it said. */
export interface Said {
	code: number;
	output: string;
	errors: string;
}

export class Gateway {
	readonly #folder: string;
	readonly #database: string;
	readonly #keys: Record<string, string>;
	#running: Running | undefined;
	#url = '';
	/** Of the institution it acts for. */
	readonly institution: number;

	private constructor(folder: string, database: string, institution: number, keys: Record<string, string>) {
		[this.#folder, this.#database, this.institution, this.#keys] = [folder, database, institution, keys];
	}

	/** Has the institution delegate issuing to a new gateway, by the node at `url` and with the key `//NAME`. */
	static async init(url: string, institution: number, name: string): Promise<Gateway> {
		const gateway = new Gateway(temporaryDirectory(), 'gateway.db', institution, {});
		const of = ['--institution', `${institution}`];
		await gateway.#done(['init', ...of, '--node', url, '--delegations', 'issue,cashier', '--sign-with', `//${name}`]);
		for (const role of ROLES) {
			gateway.#keys[role] = (await gateway.#done(['access', 'create', ...of, '--role', role, '--name', role])).trim();
		}
		return gateway;
	}

	/** Another process of the same configuration and keys, with this database: the same one is shared. */
	another(database = this.#database): Gateway {
		return new Gateway(this.#folder, database, this.institution, this.#keys);
	}

	/** The account of its delegate, as the key's file says. */
	get delegate(): string {
		return JSON.parse(readFileSync(join(this.#folder, 'keys', `${this.institution}`, 'issue.json'), 'utf8')).address;
	}

	/** Where it serves. */
	get url(): string {
		return this.#url;
	}

	/** The key to the API that tests use in this role. */
	key(role: Role): string {
		const key = this.#keys[role];
		if (!key) throw new Error(`there is no key of the role ${role}`);
		return key;
	}

	#settings(url?: string): NodeJS.ProcessEnv {
		return {
			HANSE_GATEWAY_CONFIG: join(this.#folder, 'gateway.toml'),
			HANSE_GATEWAY_DATABASE: `sqlite://${join(this.#folder, this.#database)}`,
			...(url ? { HANSE_GATEWAY_NODE: url } : {}),
		};
	}

	/** Runs a command to its end, against the node at `url` if it is not the first one. */
	async command(args: string[], url?: string): Promise<Said> {
		const env = { ...process.env, ...this.#settings(url) };
		try {
			const { stdout, stderr } = await promisify(execFile)(binary(), args, { env, maxBuffer: 256 * 1024 * 1024 });
			return { code: 0, output: stdout, errors: stderr };
		} catch (error) {
			const { code, stdout = '', stderr = messageOf(error) } = error as { code?: unknown; stdout?: string; stderr?: string };
			return { code: typeof code === 'number' ? code : -1, output: stdout, errors: stderr };
		}
	}

	async #done(args: string[], url?: string): Promise<string> {
		const { code, output, errors } = await this.command(args, url);
		if (code !== 0) throw new Error(`hanse-gateway ${args[0]} ended with ${code}: ${errors || output}`);
		return output;
	}

	/** Lines of JSON of one table, as they are written. */
	async export(table: 'events' | 'blocks' | 'vintages' | 'payments'): Promise<string[]> {
		return (await this.#done(['export', table])).split('\n').filter((line) => line !== '');
	}

	/** Starts serving, and waits until it does, with the node at `url` if it is not the first one. */
	async run(url?: string): Promise<void> {
		await this.#begin(url);
		const deadline = Date.now() + PATIENCE;
		for (;;) {
			const address = /the gateway serves address=(\S+)/.exec(this.log().join('\n'))?.[1];
			if (address) {
				this.#url = `http://${address}`;
				return;
			}
			const ended = this.#running?.ended();
			if (ended !== undefined || Date.now() > deadline) {
				throw new Error(`the gateway ${ended ?? 'does not serve'}; its log ends:\n${this.log().slice(-15).join('\n')}`);
			}
			await sleep(50);
		}
	}

	/** Starts it with the node at `url`, where it is to end by itself; how it ended. */
	async ends(url: string): Promise<string> {
		await this.#begin(url);
		for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(50)) {
			const ended = this.#running?.ended();
			if (ended !== undefined) return ended;
		}
		return 'runs';
	}

	async #begin(url?: string): Promise<void> {
		await this.stop();
		this.#running = start(binary(), ['run'], { ...this.#settings(url), HANSE_GATEWAY_LISTEN: '127.0.0.1:0' });
	}

	/** What its latest process has said, line by line. */
	log = (): string[] => this.#running?.log() ?? [];

	/** How its latest process ended; nothing while it runs. */
	ended = (): string | undefined => this.#running?.ended();

	/** Ends it, if it runs. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		await this.#running?.stop(signal);
	}

	/** Asks, as `role` or as nobody. A POST has a body. */
	async ask(path: string, role?: Role, body?: unknown): Promise<Answer> {
		const began = Date.now();
		const headers: Record<string, string> = { ...(role ? { authorization: `Bearer ${this.#keys[role]}` } : {}) };
		if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': randomUUID() });
		const method = body === undefined ? 'GET' : 'POST';
		const response = await fetch(`${this.#url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
		const text = await response.text();
		const json = response.headers.get('content-type')?.includes('json') ?? false;
		return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text, took: Date.now() - began };
	}

	/** All operations of the institution, the oldest first. */
	async operations(): Promise<Operation[]> {
		const found: Operation[] = [];
		for (let next: string | null = ''; next !== null; ) {
			const { status, body } = await this.ask(`/v1/operations?limit=500${next && `&after=${next}`}`, 'reader');
			if (status !== 200) throw new Error(`/v1/operations answers ${status}: ${JSON.stringify(body)}`);
			found.push(...body.items);
			next = body.next ?? null;
		}
		return found;
	}
}
