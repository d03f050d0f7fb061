/** Bytes, their hexadecimal form, their hash, and text. */
import { Blake2256 } from '@polkadot-api/substrate-bindings';

export type Hex = string;

export const bytesOf = (hex: string): Uint8Array =>
	Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

export const hexOf = (bytes: Uint8Array): Hex => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** The hash by which the chain knows documents and code. */
export const hashOf = (bytes: Uint8Array): Hex => hexOf(Blake2256(bytes));

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One after the other. */
export function concat(...parts: Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** A whole number in `length` bytes, the least first, as SCALE has it. */
export function littleEndian(value: number | bigint, length: number): Uint8Array {
	let rest = BigInt(value);
	return Uint8Array.from({ length }, () => {
		const byte = Number(rest & 0xffn);
		rest >>= 8n;
		return byte;
	});
}
