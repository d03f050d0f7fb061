/** What customers sign beside transactions, byte for byte as the chain checks it and as a wallet's `signRaw` signs it. */
import { publicKeyOf } from './addresses.ts';
import { type Hex, bytesOf, concat, littleEndian, utf8 } from './bytes.ts';

/** That an institution may register its account. */
export interface Consent {
	/** Who registers it. */
	institution: number;
	/** The salted hash of what that institution knows about it. */
	commitment: Hex;
	/** The person behind it, whom the members know by a keyed hash. */
	tag: Hex;
	/** Whether the institution may move what it holds to a new key if this one is lost. */
	mayRecover: boolean;
	/** Until when the consent is good, in milliseconds since 1970: an hour from now at most. */
	until: number;
}

/** A payment that the merchant presents, signed without a connection. */
export interface Slip {
	merchant: number;
	order: { era: number; commitment: Hex };
	/** Settlement micro-units. */
	price: bigint;
	/** With which points: smallest units of each program at most. */
	legs: { program: number; maxPoints: bigint }[];
	/** The first moment at which it is good no more, in milliseconds since 1970. */
	until: number;
}

/** The bytes of `account`'s consent, as `hanseApi.consent` answers them. */
export function consentBytes(genesis: Hex, account: string, consent: Consent): Uint8Array {
	const { institution, commitment, tag, mayRecover, until } = consent;
	return wrapped(
		'hanse/register', bytesOf(genesis), littleEndian(institution, 4), publicKeyOf(account), bytesOf(commitment), bytesOf(tag),
		Uint8Array.of(Number(mayRecover)), littleEndian(until, 8),
	);
}

/** The bytes of `payer`'s slip, as `hanseApi.slip` answers them. */
export function slipBytes(genesis: Hex, payer: string, { merchant, order, price, legs, until }: Slip): Uint8Array {
	const parts = legs.map(({ program, maxPoints }) => concat(littleEndian(program, 2), compact(maxPoints)));
	return wrapped(
		'hanse/slip', bytesOf(genesis), littleEndian(merchant, 4), publicKeyOf(payer), littleEndian(order.era, 4),
		bytesOf(order.commitment), littleEndian(price, 16), compact(legs.length), ...parts, littleEndian(until, 8),
	);
}

const wrapped = (purpose: string, ...content: Uint8Array[]) => concat(utf8(`<Bytes>${purpose}`), ...content, utf8('</Bytes>'));

/** A whole number as SCALE writes small ones short. */
export function compact(value: number | bigint): Uint8Array {
	const number = BigInt(value);
	if (number < 1n << 6n) return littleEndian(number << 2n, 1);
	if (number < 1n << 14n) return littleEndian((number << 2n) | 1n, 2);
	if (number < 1n << 30n) return littleEndian((number << 2n) | 2n, 4);
	const length = Math.max(4, Math.ceil(number.toString(16).length / 2));
	return concat(littleEndian(BigInt(length - 4) * 4n + 3n, 1), littleEndian(number, length));
}
