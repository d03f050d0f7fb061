/** The founders' own systems: whatever they do, they ask the gateway for, and ask again until it is done. */
import { type Hex, bytesOf, hexOf } from '@hanse/sdk/bytes';
import { sleep } from '@hanse/sdk/chain';
import { Gateway, NotDone, type Operation, type Problem } from '@hanse/sdk/gateway';
import type { Key } from '@hanse/sdk/keys';
import { type Slip, slipBytes } from '@hanse/sdk/signed';
import type { Batch, Refund } from '../plan/plan.ts';
import { FOUNDERS, shopAt } from '../plan/shops.ts';
import { ROLES, type Role, processOf, readAccess } from './access.ts';

/** Requests of a shop that wait for an answer at a time, and customers in one list. */
const [AT_ONCE, LIST] = [16, 50];
/** Milliseconds for which a gateway may be away, on a machine that has much else to do. */
const PATIENCE = 180_000;

/** What a till shows to whoever is to pay. */
export interface PaymentRequest {
	id: string;
	era: number;
	commitment: Hex;
	status: 'open' | 'in_block' | 'paid' | 'expired';
	/** In milliseconds since 1970. */
	expires: number;
}

/** What became of one customer of a list. */
interface Imported {
	consent: { bytes: Hex } | null;
	operation: Operation | null;
	problem: Problem | null;
}

/** What is asked for, as the screen names it. */
export type Kind = 'registrations' | 'awards' | 'recalls' | 'slips' | 'relayed payments' | 'refunds';

export class Systems {
	readonly #folder: string;
	/** By place of the shop. */
	readonly #shops: Record<Role, Gateway>[];
	readonly #turns = FOUNDERS.map(() => turns(AT_ONCE));
	readonly #lists = FOUNDERS.map(() => turns(1));
	/** What is asked for and in no final block yet, by what it is. */
	readonly underWay = new Map<Kind, number>();
	/** How many operations are over. */
	over = 0;

	/** `folder` is that of the program that serves the gateway. */
	constructor(folder: string) {
		const { url, keys } = readAccess(folder);
		this.#folder = folder;
		this.#shops = FOUNDERS.map(({ institution }) => {
			const gateways = ROLES.map((role) => [role, new Gateway(url, keys[institution]?.[role], PATIENCE)]);
			return Object.fromEntries(gateways) as Record<Role, Gateway>;
		});
	}

	as(shop: number, role: Role): Gateway {
		const gateway = this.#shops[shop]?.[role];
		if (!gateway) throw new Error(`${shopAt(shop).symbol} does not use the gateway`);
		return gateway;
	}

	/** Requests without an answer, and how often one was repeated. */
	get requests(): { open: number; repeated: number } {
		const all = this.#shops.flatMap((roles) => Object.values(roles));
		return { open: all.reduce((n, { open }) => n + open, 0), repeated: all.reduce((n, { repeated }) => n + repeated, 0) };
	}

	/** Ends the gateway's process as a power cut would. */
	kill(): void {
		process.kill(processOf(this.#folder), 'SIGKILL');
	}

	/** Returns when it answers. */
	async untilLive(): Promise<void> {
		await this.as(0, 'reader').get('/health/live');
	}

	/** Returns when the index has that block. */
	async untilIndexed(block: number): Promise<void> {
		const after = `/v1/export/blocks.ndjson?after=${block - 1}`;
		while ((await this.as(0, 'analyst').text(after)) === '') await sleep(100);
	}

	async createProgram(shop: number): Promise<void> {
		const { program: name, symbol, faceValue, decimals, period, validity, pending } = shopAt(shop);
		const terms = { decimals, face_value: Number(faceValue), period: { milliseconds: period }, validity, pending };
		await this.as(shop, 'issuer').done('/v1/programs', { name, symbol, terms });
	}

	/** Registers customers in lists, one after the other, who sign what the gateway says that they agree to. */
	async register(shop: number, customers: readonly { number: number; key: Key }[]): Promise<void> {
		const pieces = Array.from({ length: Math.ceil(customers.length / LIST) }, (_, i) => customers.slice(i * LIST, (i + 1) * LIST));
		await Promise.all(pieces.map((piece) => this.#lists[shop]?.(() => this.#registerList(shop, piece))));
	}

	async #registerList(shop: number, customers: readonly { number: number; key: Key }[]): Promise<void> {
		const registrar = this.as(shop, 'registrar');
		const lines = customers.map(({ number, key: { address } }) => ({ reference: `customer ${number}`, account: address, person: `${number}` }));
		await this.#track('registrations', async () => {
			const asked = await registrar.post<{ results: Imported[] }>('/v1/customers/import', lines);
			const signed = customers.map(({ number, key: { address: account, sign } }, index) =>
				({ reference: `customer ${number}`, account, signature: hexOf(sign(bytesOf(done(asked.results[index]?.consent, asked.results[index]).bytes))) }));
			const begun = await registrar.post<{ results: Imported[] }>('/v1/customers/import', signed);
			// An earlier play may have asked for it too.
			await Promise.all(begun.results.map((line) => registrar.over(done(line.operation, line)).catch(unless('customers.AlreadyRegistered'))));
		}, customers.length);
	}

	/** Awards all of a batch in one list; answers when its points can be used, in milliseconds since 1970. */
	async award({ shop, awards }: Batch, program: number, addressOf: (customer: number) => string): Promise<number> {
		const lines = awards.map(({ order, customer, points }) => ({ program, order, to: addressOf(customer), points: `${points}` }));
		return this.#track('awards', async () => {
			const operations = await this.as(shop, 'issuer').doneAll('/v1/awards', lines);
			return Math.max(...operations.map(({ result }) => Number(result?.['matures'] ?? 0)));
		}, lines.length);
	}

	/** Takes the one award of a batch back as a whole, once it is there. Says whether it was in time. */
	async recall({ shop, awards: [award] }: Batch, program: number): Promise<boolean> {
		const path = `/v1/awards/${encodeURIComponent(award?.order ?? '')}/cancel`;
		const asked = this.as(shop, 'issuer').done(path, { program, total: `${award?.points}` });
		return this.#track('recalls', async () => (await asked.catch(unless('points.NotPending'))) !== undefined);
	}

	/** The request of a till for a payment, and whether it is paid already. */
	request(shop: number, order: string, price: bigint): Promise<PaymentRequest> {
		return this.#turn(shop, () => this.as(shop, 'till').post<PaymentRequest>('/v1/payment-requests', { order, price: `${price}` }));
	}

	/** Presents what a customer signed without a connection. */
	async present(shop: number, order: string, { address: payer, sign }: Key, genesis: Hex, slip: Slip): Promise<void> {
		const { order: { era }, price, legs, until } = slip;
		const till = this.as(shop, 'till');
		const body = {
			payer, order, era, until,
			price: `${price}`,
			legs: legs.map(({ program, maxPoints }) => ({ program, max_points: `${maxPoints}` })),
			signature: hexOf(sign(slipBytes(genesis, payer, slip))),
		};
		await this.#track('slips', async () => till.over(await this.#turn(shop, () => till.post<Operation>('/v1/payments/slips', body))));
	}

	/** Sends a transaction that a customer signed. */
	async relay(shop: number, order: string, price: bigint, transaction: Hex): Promise<void> {
		const till = this.as(shop, 'till');
		const body = { transaction, order, price: `${price}` };
		await this.#track('relayed payments', async () => till.over(await this.#turn(shop, () => till.post<Operation>('/v1/payments/relay', body))));
	}

	/** Whether a request is paid: now, or after having waited for that. */
	async isPaid(shop: number, { id }: PaymentRequest, wait: '' | '?wait=final' = ''): Promise<boolean> {
		const { status } = await this.as(shop, 'till').get<PaymentRequest>(`/v1/payment-requests/${id}${wait}`);
		return status === 'paid';
	}

	async refund({ merchant, order, value }: Refund): Promise<void> {
		const path = `/v1/payments/${encodeURIComponent(order)}/refunds`;
		await this.#track('refunds', () => this.as(merchant, 'till').done(path, { total: `${value}` }));
	}

	/** What happened to the points of an account, by what it is called. */
	async history(address: string): Promise<string[]> {
		const records = await this.as(0, 'reader').all<{ kind: string }>(`/v1/public/accounts/${address}/history`);
		return records.map(({ kind }) => kind);
	}

	#turn<T>(shop: number, work: () => Promise<T>): Promise<T> {
		const turn = this.#turns[shop];
		return turn ? turn(work) : work();
	}

	/** Counts `operations` that `work` asks for. */
	async #track<T>(kind: Kind, work: () => Promise<T>, operations = 1): Promise<T> {
		const count = (by: number) => this.underWay.set(kind, (this.underWay.get(kind) ?? 0) + by);
		count(operations);
		const result = await work();
		count(-operations);
		this.over += operations;
		return result;
	}
}

/** What a line came to; throws if it was refused. */
function done<T>(part: T | null | undefined, line: Imported | undefined): T {
	if (part) return part;
	throw line?.problem ? new NotDone(line.problem) : new Error('a line of a list has no answer');
}

/** For what ends well as well if the chain refuses it so. */
const unless = (reason: string) => (error: unknown): undefined => {
	if (error instanceof NotDone && error.reason === reason) return undefined;
	throw error;
};

/** Lets at most so many at a time, in the order in which they come. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
	let free = most;
	const waiting: (() => void)[] = [];
	return async (work) => {
		if (free > 0) free -= 1;
		else await new Promise<void>((go) => waiting.push(go));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else free += 1;
		}
	};
}
