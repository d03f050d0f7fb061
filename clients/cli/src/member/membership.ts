/** Becoming a member. */
import { utf8 } from '@hanse/sdk/bytes';
import { documentHash } from '@hanse/sdk/documents';
import { Rules } from '@hanse/sdk/rules';
import { moment } from '@hanse/sdk/time';
import { WrongUsage } from '../program.ts';
import type { Desk } from './desk.ts';

export async function apply(desk: Desk, name: string, document: string | undefined): Promise<void> {
	const bytes = utf8(name);
	if (bytes.length === 0 || bytes.length > 32) throw new WrongUsage(`--name: 1 to 32 bytes, and this has ${bytes.length}`);
	const { api } = desk.chain;
	const hash = documentHash(document === undefined ? undefined : desk.read(document));
	const { events } = await desk.act(api.tx.Institutions.apply({ profile: { name: bytes, document: hash } }));
	const [applied] = api.event.Institutions.Applied.filter(events);
	if (!applied) throw new Error('the chain does not say as which institution');
	const { institution, lapses } = applied.payload;
	const bond = (await Rules.read(api)).show('admissionBond');
	desk.say(`Applied as "${name}": institution ${institution}. The bond of ${bond} is held.`);
	if (document !== undefined) desk.say(`Show the members ${document}: the chain has its hash ${hash}.`);
	desk.say(`Without a vote the application lapses ${moment(Number(lapses))}.`);
	desk.say(`A member brings it to the vote with: scripts/member propose admit ${institution}`);
}
