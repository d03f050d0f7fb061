/** Bytes of a secret: those of twelve words. */
export const LENGTH = 16;

/** Characters of a PIN at least. */
export const PIN_LENGTH = 6;

/** The device has passkeys, but none of which a key can be made. */
export class NoPrf extends Error {}

/** The PIN was another one. */
export class WrongPin extends Error {}

/** Whether passkeys can be here: they belong to a domain, and an address of numbers is none. */
export const possible = (): boolean =>
	isSecureContext && typeof PublicKeyCredential === 'function' && !/^[\d.]+$|:/.test(location.hostname);
