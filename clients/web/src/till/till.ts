/** What a till asks of the gateway. */
import type { Access } from '../shared/access.svelte.ts';
import { type Amount, type Page, type Problem, GatewayAway, ask } from '../shared/gateway.ts';
import { keepAward } from './awards.ts';

export type RequestState = 'open' | 'in_block' | 'paid' | 'authorised' | 'wrong_price' | 'expired';

export interface PaymentRequest {
	id: string;
	order: string;
	price: Amount;
	era: number;
	commitment: string;
	uri: string;
	status: RequestState;
	payment: { payer: string; price: Amount; refunded: Amount; block: number } | null;
	expires: number;
	created: number;
}

export interface Operation {
	id: string;
	kind: string;
	status: 'accepted' | 'signed' | 'sent' | 'in_block' | 'final' | 'failed' | 'expired' | 'stuck';
	reference: string | null;
	result: unknown;
	error: Problem | null;
}

/** It was begun, and did not happen. */
export class Failed extends Error {
	/** The chain's name of why. */
	readonly reason: string;

	constructor({ type, detail }: Problem) {
		super(detail);
		this.reason = type.split(/[/:#]/).pop() ?? detail;
	}
}

/** How a till gives points for purchases. */
export interface Rule {
	/** None: it gives no points. */
	program: number | null;
	/** Whole smallest units for each settlement unit that is paid in money. */
	rate: number;
	/** Micro-units from which on a payment has to be final before it is green. */
	finalFrom: string;
}

const RULE = 'hanse.till.rule';
const USUAL: Rule = { program: null, rate: 10, finalFrom: '100000000' };

export const rule = (): Rule => ({ ...USUAL, ...(JSON.parse(localStorage.getItem(RULE) ?? '{}') as Partial<Rule>) });
export const setRule = (changed: Rule) => localStorage.setItem(RULE, JSON.stringify(changed));

/** One sale, as it is kept until it is over: a reload goes on with it. */
export interface Sale {
	order: string;
	/** Micro-units with points, and with money. */
	points: string;
	money: string;
	/** The request for the points, once it was made. */
	request?: PaymentRequest;
	/** Who gets points for the money, once that is known. */
	customer?: string;
	awarded?: { points: string; program: number; failed?: string };
}

const SALE = 'hanse.till.sale';
export const openSale = (): Sale | undefined => {
	const found = localStorage.getItem(SALE);
	return found ? (JSON.parse(found) as Sale) : undefined;
};
export const keepSale = (sale: Sale | undefined) => (sale ? localStorage.setItem(SALE, JSON.stringify(sale)) : localStorage.removeItem(SALE));

/** An order number that no other till and no other moment has. */
export function newOrder({ till }: Access): string {
	const random = [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => byte.toString(36).padStart(2, '0')).join('');
	const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, '');
	return `${(till ?? 'till').replace(/[^A-Za-z0-9-]/g, '-').slice(0, 12)}-${stamp}-${random}`;
}

/** The same sale is the same request, however often it is sent. */
export const request = ({ key }: Access, { order, points }: Sale): Promise<PaymentRequest> =>
	ask('/v1/payment-requests', { key, method: 'POST', body: { order, price: points }, once: `request-${order}` });

/** How a request stands: answered when that changes, or after a minute. */
export const stand = ({ key }: Access, id: string, wait: 'in_block' | 'final' | undefined, signal: AbortSignal): Promise<PaymentRequest> =>
	ask(`/v1/payment-requests/${encodeURIComponent(id)}${wait ? `?wait=${wait}` : ''}`, { key, signal });

export const requests = ({ key }: Access, since: number, after?: string | null): Promise<Page<PaymentRequest>> =>
	ask(`/v1/payment-requests?since=${since}&limit=500${after ? `&after=${encodeURIComponent(after)}` : ''}`, { key });

/** Posts something that becomes an operation, and waits for its end. */
export async function done(access: Access, path: string, body: unknown, once: string): Promise<Operation> {
	let operation = await ask<Operation>(path, { key: access.key, method: 'POST', body, once, wait: 20 });
	while (!['final', 'failed', 'expired', 'stuck'].includes(operation.status)) {
		await new Promise((resolve) => setTimeout(resolve, 1_000));
		operation = await ask<Operation>(`/v1/operations/${operation.id}`, { key: access.key });
	}
	if (operation.error) throw new Failed(operation.error);
	if (operation.status !== 'final') throw new GatewayAway(operation.status);
	return operation;
}

/** Points for what was paid in money. */
export async function award(access: Access, sale: Sale, to: string, { program, rate }: Rule): Promise<{ points: string; program: number } | undefined> {
	const points = (BigInt(sale.money) * BigInt(rate)) / 1_000_000n;
	if (program === null || points === 0n) return undefined;
	await done(access, '/v1/awards', { program, order: sale.order, to, points: points.toString() }, `award-${sale.order}`);
	await keepAward(access, { order: sale.order, program, points: points.toString(), at: Date.now() });
	return { points: points.toString(), program };
}
