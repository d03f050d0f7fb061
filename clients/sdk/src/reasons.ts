/** The names of errors, as the library decodes them. */

/** Variant within variant, as the library decodes an error. */
export interface Variant {
	type: string;
	value?: unknown;
}

/** As calls and errors are written: `points`, `txPause`. */
export const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** `points.NotFound` of `Module { Points { NotFound } }`, `Token.FundsUnavailable`, `BadOrigin`. */
export function reasonOf(error: Variant): string {
	const inner = isVariant(error.value) ? error.value : undefined;
	if (error.type === 'Module' && inner && isVariant(inner.value)) return `${camel(inner.type)}.${inner.value.type}`;
	return inner ? `${error.type}.${inner.type}` : error.type;
}

const isVariant = (value: unknown): value is Variant =>
	typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
