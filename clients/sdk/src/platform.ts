/** What Node.js 18 lacks of a browser. */

/** The browser's WebSocket, or Node's, or that of the package `ws`. */
export async function webSocket(): Promise<typeof WebSocket> {
	if (typeof globalThis.WebSocket === 'function') return globalThis.WebSocket;
	const { WebSocket: Own } = await import('ws');
	return Own as unknown as typeof WebSocket;
}

/** Random numbers: signatures of sr25519 need them. */
export async function ensureRandomness(): Promise<void> {
	if (globalThis.crypto !== undefined) return;
	const { webcrypto } = await import('node:crypto');
	Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
}
