/**
 * The API of a gateway, as an institution's own systems use it: a request without an answer is asked again with the
 * same Idempotency-Key, so that it is done once.
 */
import { hashOf, utf8 } from './bytes.ts';
import { messageOf, sleep } from './chain.ts';

/** Milliseconds between two questions: while it does not answer, and while something is under way. */
const [AGAIN, LOOK] = [200, 300];
/** Operations that are looked at together. */
const TOGETHER = 8;

export type Status = 'accepted' | 'signed' | 'sent' | 'in_block' | 'final' | 'failed' | 'expired' | 'stuck';

/** What the gateway says of a request, or the chain of an operation, that did not do well. */
export interface Problem {
	/** `urn:hanse:PALLET.Error` of the chain, or `urn:hanse:gateway:NAME`. */
	type: string;
	title: string;
	status: number;
	/** What to do about it. */
	detail: string;
	retryable: boolean;
	errors?: { pointer: string; detail: string }[];
}

export interface Operation {
	id: string;
	kind: string;
	status: Status;
	reference: string | null;
	block: number | null;
	result: Record<string, unknown> | null;
	error: Problem | null;
}

/** What became of one line of a list. */
export interface Line {
	line: number;
	existed: boolean;
	operation: Operation | null;
	problem: Problem | null;
}

export interface Page<T> {
	items: T[];
	next: string | null;
}

/** It was not done, and why. */
export class NotDone extends Error {
	readonly problem: Problem;
	/** As in `points.NotPending`, or `gateway:not-found`. */
	readonly reason: string;

	constructor(problem: Problem) {
		const reason = problem.type.replace(/^urn:hanse:/, '');
		const faults = problem.errors?.map(({ pointer, detail }) => ` ${pointer} ${detail}`).join(';') ?? '';
		super(`${reason}: ${problem.detail}${faults}`);
		this.problem = problem;
		this.reason = reason;
	}
}

/** There was no answer for long. */
export class Silent extends Error {}

/** A body that is no JSON, and how it is written. */
export interface Text {
	media: 'text/csv' | 'application/x-ndjson';
	text: string;
}

/** How something is asked. */
export interface Asking {
	/** The Idempotency-Key: a hash of the request unless it is said, so that the same request has the same. */
	key?: string;
	/** Seconds for which the end is waited for. */
	wait?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Gateway {
	readonly url: string;
	/** How often somebody asked again, since there was no answer. */
	repeated = 0;
	/** Requests that have no answer yet. */
	open = 0;
	readonly #headers: Record<string, string>;
	readonly #patience: number;
	/** Operations whose end somebody waits for, and whether they are looked at. */
	#waiting: { id: string; resolve: (end: Operation) => void; reject: (reason: unknown) => void }[] = [];
	#looks = false;

	/** At `url`, with an access key, or without one; asked again for `patience` milliseconds. */
	constructor(url: string, key?: string, patience = 60_000) {
		this.url = url;
		this.#headers = key ? { authorization: `Bearer ${key}` } : {};
		this.#patience = patience;
	}

	async get<T>(path: string): Promise<T> {
		return JSON.parse(await this.text(path)) as T;
	}

	/** An answer that is no JSON, as lines of it or CSV are. */
	text(path: string): Promise<string> {
		return this.#answer('GET', path);
	}

	/** Asks for a change and answers what the gateway said at once. */
	async ask<T>(method: Method, path: string, body?: object | Text, { key, wait }: Asking = {}): Promise<T> {
		const isText = body !== undefined && 'media' in body && 'text' in body;
		const text = isText ? (body as Text).text : body && JSON.stringify(body);
		const headers: Record<string, string> = { 'idempotency-key': key ?? hashOf(utf8(`${method} ${path}\n${text ?? ''}`)) };
		if (text !== undefined) headers['content-type'] = isText ? (body as Text).media : 'application/json';
		if (wait !== undefined) headers['prefer'] = `wait=${wait}`;
		return JSON.parse(await this.#answer(method, path, headers, text)) as T;
	}

	post<T>(path: string, body?: object | Text, asking?: Asking): Promise<T> {
		return this.ask<T>('POST', path, body, asking);
	}

	/** Asks for a change, and resolves when a final block has it; throws [`NotDone`] if it came to nothing. */
	async done(path: string, body?: object, asking?: Asking, method: Method = 'POST'): Promise<Operation> {
		return this.over(await this.ask<Operation>(method, path, body, asking));
	}

	/** The same of each line of a list. */
	async doneAll(path: string, body: object | Text, asking?: Asking): Promise<Operation[]> {
		const ask = async (): Promise<Operation[]> => {
			const { results } = await this.post<{ results: Line[] }>(path, body, asking);
			return results.map(({ operation, problem }) => {
				if (operation) return operation;
				throw problem ? new NotDone(problem) : new Error(`${path}: a line without an operation`);
			});
		};
		const last = (await ask()).at(-1);
		// They share transactions: when the last is over, the others are as a rule, and one more question says so of all.
		if (last) await this.over(last);
		return Promise.all((await ask()).map((operation) => this.over(operation)));
	}

	/** The operation, once a final block has it; throws [`NotDone`] if it came to nothing. */
	async over(operation: Operation): Promise<Operation> {
		const end = OVER.includes(operation.status) ? operation : await new Promise<Operation>((resolve, reject) => {
			this.#waiting.push({ id: operation.id, resolve, reject });
			void this.#look();
		});
		if (end.status === 'final') return end;
		throw new NotDone(end.error ?? problemOf(500, `operation ${end.id} is ${end.status}`));
	}

	/** Looks at those that are waited for, the oldest first: they end in about that order. */
	async #look(): Promise<void> {
		if (this.#looks) return;
		this.#looks = true;
		for (let together = 1; this.#waiting.length > 0; ) {
			const some = this.#waiting.slice(0, together);
			const ended = await Promise.all(some.map(async (waits) => {
				try {
					const now = await this.get<Operation>(`/v1/operations/${waits.id}`);
					if (!OVER.includes(now.status)) return false;
					waits.resolve(now);
				} catch (error) {
					waits.reject(error);
				}
				return true;
			}));
			this.#waiting = this.#waiting.filter((waits) => !ended[some.indexOf(waits)]);
			together = ended.includes(false) ? 1 : TOGETHER;
			if (together === 1) await sleep(LOOK);
		}
		this.#looks = false;
	}

	/** All items of a list, page after page. */
	async all<T>(path: string): Promise<T[]> {
		const items: T[] = [];
		let after = '';
		do {
			const page: Page<T> = await this.get<Page<T>>(`${path}?limit=500${after}`);
			items.push(...page.items);
			after = page.next ? `&after=${page.next}` : '';
		} while (after);
		return items;
	}

	/** The body of an answer, asked for again as long as there is none. */
	async #answer(method: Method, path: string, headers: Record<string, string> = {}, body?: string): Promise<string> {
		const end = Date.now() + this.#patience;
		this.open += 1;
		try {
			for (;;) {
				const [answer, pause] = await this.#once(method, path, headers, body);
				if (typeof answer === 'string') return answer;
				if (Date.now() > end) throw new Silent(`no answer from ${this.url}: ${messageOf(answer)}`);
				this.repeated += 1;
				await sleep(pause);
			}
		} finally {
			this.open -= 1;
		}
	}

	/** The body; or why there is none, and how long to leave it alone. */
	async #once(method: Method, path: string, headers: Record<string, string>, body?: string): Promise<[answer: unknown, pause: number]> {
		try {
			const response = await fetch(this.url + path, { method, headers: { ...this.#headers, ...headers }, ...(body !== undefined && { body }) });
			const text = await response.text();
			if (response.ok) return [text, 0];
			const refused = new NotDone(problemOf(response.status, text));
			// Too many requests, or it cannot now and says so: the same request does well later.
			if (response.status !== 429 && response.status !== 503) throw refused;
			return [refused, 1_000 * Number(response.headers.get('retry-after') ?? 1)];
		} catch (error) {
			if (error instanceof NotDone) throw error;
			return [error, AGAIN];
		}
	}
}

const OVER: Status[] = ['final', 'failed', 'expired', 'stuck'];

/** The problem that an answer is, or one that says what it was. */
function problemOf(status: number, text: string): Problem {
	try {
		const found = JSON.parse(text) as Problem;
		if (found.type) return found;
	} catch {
		// Something between here and the gateway answered.
	}
	return { type: 'urn:hanse:gateway:unknown', title: 'No problem of the gateway', status, detail: text, retryable: false };
}
