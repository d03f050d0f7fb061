/** An upgrade of the chain can give a call or a read another shape while a page is open. */

/** The chain would take something else than this page says. */
export class OtherShape extends Error {}

/** Whether that is so; the library says it of what it cannot encode, or cannot find. */
export const isOtherShape = (error: unknown): boolean =>
	error instanceof OtherShape || (error instanceof Error && /^(Incompatible r|R)untime entry /.test(error.message));
