/** Documents are shown and kept elsewhere: the chain has their hash. */
import { hashOf } from '@hanse/sdk/bytes';

/** The hash of the file that somebody chose. */
export async function chosenHash(event: Event): Promise<string | undefined> {
	const file = (event.currentTarget as HTMLInputElement).files?.[0];
	return file && hashOf(new Uint8Array(await file.arrayBuffer()));
}
