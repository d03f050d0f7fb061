/** The gateway that served this page. */

/** Why it did not do what it was asked, as RFC 9457 has it. */
export interface Problem {
	type: string;
	title: string;
	status: number;
	detail: string;
	errors?: { pointer: string; detail: string }[];
	retryable?: boolean;
}

/** The gateway refuses, in its own words. */
export class GatewayRefused extends Error {
	readonly problem: Problem;

	constructor(problem: Problem) {
		super(problem.detail);
		this.problem = problem;
	}

	/** The last part of the problem's type: `exchange.AlreadyPaid`, `unauthorized`. */
	get kind(): string {
		return this.problem.type.split(/[/:#]/).pop() ?? '';
	}
}

/** There is no answer: no network, or no gateway. */
export class GatewayAway extends Error {}

export interface Amount {
	units: string;
	display: string;
}

export interface Page<T> {
	items: T[];
	next: string | null;
}

export interface Network {
	genesis: string;
	nodes: string[];
	institutions: number[];
}

export interface Options {
	method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	key?: string | undefined;
	body?: unknown;
	/** The same request, sent again, has the same one. */
	once?: string;
	/** Seconds to wait for the end of an operation. */
	wait?: number;
	signal?: AbortSignal;
	/** Of a body that is no JSON. */
	media?: string;
}

/** Asks the gateway, and answers what it says. */
export async function ask<T>(path: string, { method = 'GET', key, body, once, wait, signal, media }: Options = {}): Promise<T> {
	const headers: Record<string, string> = {};
	if (key) headers.authorization = `Bearer ${key}`;
	if (body !== undefined) headers['content-type'] = media ?? 'application/json';
	if (method !== 'GET') headers['idempotency-key'] = once ?? crypto.randomUUID();
	if (wait !== undefined) headers.prefer = `wait=${wait}`;
	let response: Response;
	try {
		response = await fetch(path, {
			method, headers, cache: 'no-store', credentials: 'omit',
			...(body === undefined ? {} : { body: media ? (body as string) : JSON.stringify(body) }),
			...(signal ? { signal } : {}),
		});
	} catch (error) {
		if (signal?.aborted) throw error;
		throw new GatewayAway(error instanceof Error ? error.message : String(error));
	}
	if (response.status === 204) return undefined as T;
	const answer: unknown = await response.json().catch(() => undefined);
	if (response.ok) return answer as T;
	const problem = answer as Problem | undefined;
	throw problem?.detail ? new GatewayRefused(problem) : new GatewayAway(`the gateway answers ${response.status}`);
}

const NETWORK = 'hanse.network';

/** Which chain this is and where it is asked; as it was the last time, if the gateway is away. */
export async function network(): Promise<Network> {
	try {
		const found = await ask<Network>('/v1/public/network');
		localStorage.setItem(NETWORK, JSON.stringify(found));
		return found;
	} catch (error) {
		const before = localStorage.getItem(NETWORK);
		if (before) return JSON.parse(before) as Network;
		throw error;
	}
}

/** What happened to an account. */
export interface HistoryRecord {
	block: number;
	time: number;
	kind: string;
	program: number | null;
	vintage: number | null;
	less: boolean;
	points: Amount | null;
	institution: number | null;
	value: Amount | null;
	commitment: string | null;
	other: string | null;
}

export const history = (address: string, after?: string | null, limit = 50): Promise<Page<HistoryRecord>> =>
	ask(`/v1/public/accounts/${encodeURIComponent(address)}/history?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`);
