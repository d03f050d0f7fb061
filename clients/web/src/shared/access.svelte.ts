/** An access key to the gateway, as the till and the console use one: it stays in this browser. */
import { ask } from './gateway.ts';

export interface Access {
	key: string;
	institution: number;
	role: string;
	till: string | null;
}

const name = (page: string) => `hanse.access.${page}`;

/** Who is signed in with `key`. */
export async function whose(key: string): Promise<Access> {
	return { key, ...(await ask<Omit<Access, 'key'>>('/v1/sign-in', { key })) };
}

/** Signs in, and stays so in this browser. */
export async function signIn(page: string, key: string): Promise<Access> {
	const access = await whose(key);
	localStorage.setItem(name(page), JSON.stringify(access));
	return access;
}

/** Who signed in here before; whether the key is still good shows with the first request. */
export function signedIn(page: string): Access | undefined {
	const found = localStorage.getItem(name(page));
	return found ? (JSON.parse(found) as Access) : undefined;
}

export const signOut = (page: string) => localStorage.removeItem(name(page));
