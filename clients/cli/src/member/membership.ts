/** Becoming a member. */
import { blake2AsHex } from '@polkadot/util-crypto';
import { call } from '@hanse/sdk/pjs/chain';
import { eventData } from '@hanse/sdk/pjs/send';
import { moment } from '@hanse/sdk/time';
import { type Desk, WrongUsage, readBytes } from './desk.ts';
import { Rules } from './rules.ts';

/** What stands for a document that does not exist. */
const NO_DOCUMENT = `0x${'00'.repeat(32)}`;

/** The hash under which the chain knows a document. */
export const documentHash = (file: string | undefined) =>
	file === undefined ? NO_DOCUMENT : blake2AsHex(readBytes(file), 256);

export async function apply(desk: Desk, name: string, document: string | undefined): Promise<void> {
	const bytes = Buffer.from(name).length;
	if (bytes === 0 || bytes > 32) throw new WrongUsage(`--name: 1 to 32 bytes, and this has ${bytes}`);
	const { api } = desk.chain;
	const hash = documentHash(document);
	const receipt = await desk.act(call(api, 'institutions', 'apply', { name, document: hash }));
	const [id, , lapses] = eventData(receipt, 'institutions', 'Applied');
	const bond = (await Rules.read(api)).show('admissionBond');
	desk.say(`Applied as "${name}": institution ${id}. The bond of ${bond} is held.`);
	if (document !== undefined) desk.say(`Show the members ${document}: the chain has its hash ${hash}.`);
	if (typeof lapses === 'number') desk.say(`Without a vote the application lapses ${moment(lapses)}.`);
	desk.say(`A member brings it to the vote with: scripts/member propose admit ${id}`);
}
