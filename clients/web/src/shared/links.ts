/** What QR codes and links say, after SEP-7: `hanse:pay?…`. Everything is checked here, since anybody can write one. */
import { type Hex, bytesOf, hexOf } from '@hanse/sdk/bytes';
import { addressFrom, addressOf, publicKeyOf } from '@hanse/sdk/addresses';
import type { Slip } from '@hanse/sdk/signed';
import { base64urlnopad as base64 } from '@scure/base';
import { NoLink } from './nolink.ts';

/** A till asks for a payment. */
export interface PayLink {
	kind: 'pay';
	genesis: Hex;
	merchant: number;
	order: { era: number; commitment: Hex };
	/** Settlement micro-units. */
	price: bigint;
	/** Milliseconds since 1970. */
	until: number;
}

/** A shop asks for consent to register somebody. */
export interface ConsentLink {
	kind: 'consent';
	genesis: Hex;
	institution: number;
	account: string;
	commitment: Hex;
	tag: Hex;
	mayRecover: boolean;
	until: number;
}

/** Somebody's account. */
export interface AccountLink {
	kind: 'account';
	genesis: Hex;
	account: string;
}

/** A shop asks the holder of a new account to accept what a lost one had. */
export interface AcceptLink {
	kind: 'accept';
	genesis: Hex;
	institution: number;
	old: string;
	account: string;
	until: number;
}

/** A signature that somebody asked for. */
export interface SignatureLink {
	kind: 'signature';
	account: string;
	signature: Hex;
}

/** A payment that was signed without a network. */
export interface SlipLink {
	kind: 'slip';
	payer: string;
	slip: Slip;
	signature: Hex;
}

export type Link = PayLink | ConsentLink | AccountLink | AcceptLink | SignatureLink | SlipLink;

const MONEY = 1n << 63n;
const HASH = /^0x[0-9a-f]{64}$/;
/** Milliseconds since 1970 that a date can have. */
const LAST = 8_640_000_000_000_000;
const MOST_LEGS = 8;
const LONGEST = 2_000;

/** The link in a text: as it is, or in the fragment of an address of the wallet. */
export function readLink(text: string): Link {
	if (text.length > LONGEST) throw new NoLink('too long');
	const inside = /(?:web\+)?hanse:(?:\/\/)?([a-z]+)\?(.*)$/s.exec(text.trim());
	if (!inside) throw new NoLink('no link of Hanse');
	const values = new Map<string, string>();
	for (const [name, value] of new URLSearchParams(inside[2])) {
		if (values.has(name)) throw new NoLink(`${name} is there twice`);
		values.set(name, value);
	}
	const kind = inside[1] ?? '';
	const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
	if (!read) throw new NoLink('of a kind that is not known here');
	return read(new Values(values));
}

class Values {
	private readonly values: Map<string, string>;

	constructor(values: Map<string, string>) {
		this.values = values;
	}

	text(name: string): string {
		const value = this.values.get(name);
		if (value === undefined) throw new NoLink(`${name} is missing`);
		return value;
	}
	hash(name: string): Hex {
		return hash(this.text(name));
	}
	whole(name: string, most: number): number {
		return Number(whole(this.text(name), BigInt(most)));
	}
	money(name: string): bigint {
		const value = whole(this.text(name), MONEY);
		if (value === 0n) throw new NoLink('nothing is asked for');
		return value;
	}
	account(name: string): string {
		const address = addressFrom(this.text(name));
		if (!address) throw new NoLink(`${name} is no account`);
		return address;
	}
	order(name: string): { era: number; commitment: Hex } {
		const [era, commitment, ...rest] = this.text(name).split('.');
		if (era === undefined || commitment === undefined || rest.length) throw new NoLink(`${name} is no order`);
		return { era: Number(whole(era, 0xffff_ffffn)), commitment: hash(commitment) };
	}
	bytes(name: string, length: number): Uint8Array {
		return unpacked(this.text(name), length);
	}
}

function whole(text: string, most: bigint): bigint {
	if (!/^\d{1,20}$/.test(text) || BigInt(text) > most) throw new NoLink(`${text.slice(0, 24)} is no number that can be here`);
	return BigInt(text);
}

function hash(text: string): Hex {
	if (!HASH.test(text)) throw new NoLink('no hash');
	return text;
}

function unpacked(text: string, length: number): Uint8Array {
	try {
		const bytes = base64.decode(text);
		if (bytes.length === length) return bytes;
	} catch {
		// Said below.
	}
	throw new NoLink('damaged');
}

const readers: Record<string, (values: Values) => Link> = {
	pay: (v) => ({
		kind: 'pay', genesis: v.hash('c'), merchant: v.whole('m', 0xffff_ffff), order: v.order('o'), price: v.money('v'), until: v.whole('t', LAST),
	}),
	consent: (v) => ({
		kind: 'consent', genesis: v.hash('c'), institution: v.whole('i', 0xffff_ffff), account: v.account('a'), commitment: v.hash('k'),
		tag: v.hash('g'), mayRecover: v.whole('r', 1) === 1, until: v.whole('t', LAST),
	}),
	account: (v) => ({ kind: 'account', genesis: v.hash('c'), account: v.account('a') }),
	accept: (v) => ({
		kind: 'accept', genesis: v.hash('c'), institution: v.whole('i', 0xffff_ffff), old: v.account('o'), account: v.account('a'), until: v.whole('t', LAST),
	}),
	signature: (v) => ({ kind: 'signature', account: v.account('a'), signature: hexOf(v.bytes('s', 64)) }),
	slip: (v) => ({ kind: 'slip', payer: addressOf(v.bytes('a', 32)), slip: slipOf(v), signature: hexOf(v.bytes('s', 64)) }),
};

function slipOf(v: Values): Slip {
	const [era, commitment] = v.text('o').split('.');
	const legs = v.text('l').split('_').map((leg) => {
		const [program, most] = leg.split('.');
		return { program: Number(whole(program ?? '', 0xffffn)), maxPoints: whole(most ?? '', MONEY) };
	});
	if (legs.length > MOST_LEGS) throw new NoLink('too many programs');
	return {
		merchant: v.whole('m', 0xffff_ffff), order: { era: Number(whole(era ?? '', 0xffff_ffffn)), commitment: hexOf(unpacked(commitment ?? '', 32)) },
		price: v.money('v'), legs, until: v.whole('t', LAST),
	};
}

export const accountLink = (genesis: Hex, account: string): string => `hanse:account?c=${genesis}&a=${account}`;

export const payLink = ({ genesis, merchant, order, price, until }: Omit<PayLink, 'kind'>): string =>
	`hanse:pay?c=${genesis}&m=${merchant}&o=${order.era}.${order.commitment}&v=${price}&t=${until}`;

export const acceptLink = ({ genesis, institution, old, account, until }: Omit<AcceptLink, 'kind'>): string =>
	`hanse:accept?c=${genesis}&i=${institution}&o=${old}&a=${account}&t=${until}`;

export const signatureLink = (account: string, signature: Uint8Array): string =>
	`hanse:signature?a=${account}&s=${base64.encode(signature)}`;

/** About 250 letters, so that a code of it is read at an arm's length. */
export function slipLink(payer: string, { merchant, order, price, legs, until }: Slip, signature: Uint8Array): string {
	const order64 = `${order.era}.${base64.encode(bytesOf(order.commitment))}`;
	const points = legs.map(({ program, maxPoints }) => `${program}.${maxPoints}`).join('_');
	return `hanse:slip?m=${merchant}&a=${base64.encode(publicKeyOf(payer))}&o=${order64}&v=${price}&l=${points}&t=${until}&s=${base64.encode(signature)}`;
}
