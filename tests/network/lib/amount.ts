/** A number as the chain's JSON has it: plain if it is small, hexadecimal text if it is not. */
export function amount(json: unknown): bigint {
	if (typeof json === 'number' || typeof json === 'string') return BigInt(json);
	throw new Error(`not an amount: ${JSON.stringify(json)}`);
}
