/** Documents and code, as the chain knows them: by their hash. */
import { hashOf, hexOf } from './bytes.ts';
import { WrongUsage } from './typed.ts';

/** What stands for a document that does not exist. */
export const NO_DOCUMENT = `0x${'00'.repeat(32)}`;

/** The hash under which the chain knows a document. */
export const documentHash = (document: Uint8Array | undefined): string => (document ? hashOf(document) : NO_DOCUMENT);

/** How a runtime's file begins: plain Wasm, or compressed. */
const BEGINNINGS = ['0x0061736d', '0x52bc537646db8e05'];

/** The hash by which members authorise the code of a runtime. */
export function codeHash(code: Uint8Array): string {
	const start = hexOf(code.subarray(0, 8));
	if (BEGINNINGS.some((beginning) => start.startsWith(beginning))) return hashOf(code);
	throw new WrongUsage('this file is no runtime: neither Wasm nor compressed Wasm');
}
