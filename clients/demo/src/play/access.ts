/** What `serve.ts` leaves in its folder, and the player takes from there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@hanse/sdk/chain';
import { WrongUsage } from '../options.ts';

/** Files: the access keys, the number of the process that serves, and what it says. */
export const [ACCESS, PROCESS, LOG] = ['access.json', 'process', 'gateway.log'];

/** What a shop has keys for. */
export const ROLES = ['registrar', 'issuer', 'till', 'reader', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

export interface Access {
	/** Where the API is. */
	url: string;
	/** By institution. */
	keys: Record<number, Record<Role, string>>;
	/** Of a till of the first founder's, at which nobody plays. */
	counter?: string;
}

export function readAccess(folder: string): Access {
	try {
		return JSON.parse(readFileSync(join(folder, ACCESS), 'utf8')) as Access;
	} catch (error) {
		throw new WrongUsage(`--gateway ${folder}: ${messageOf(error)}`);
	}
}

/** The process that serves. */
export const processOf = (folder: string): number => Number(readFileSync(join(folder, PROCESS), 'utf8'));
