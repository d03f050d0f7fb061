/**
 * What a customer's wallet does, for development chains: it has the keys that everybody has.
 *
 *   node --import tsx docs/examples/wallet.ts //Eve address                    the account
 *   node --import tsx docs/examples/wallet.ts //Eve sign 0x…                   signs bytes, as of a consent
 *   node --import tsx docs/examples/wallet.ts //Eve slip hanse:pay?… 1 2000    pays a request with at most 2,000 points of program 1
 */
import { hexOf, bytesOf } from '@hanse/sdk/bytes';
import { fromSecret } from '@hanse/sdk/keys';
import { slipBytes } from '@hanse/sdk/signed';

const [uri = '', what, ...words] = process.argv.slice(2);
if (!uri.startsWith('//')) throw new Error('name a key of development chains, as //Eve');
const key = fromSecret(uri);

/** The slip for a payment request. The till posts it to /v1/payments/slips with the number of its order. */
function slip(request: string, program: number, maxPoints: string): object {
	const fields = new URLSearchParams(request.slice(request.indexOf('?') + 1));
	const field = (name: string) => fields.get(name) ?? '';
	const [era = '', commitment = ''] = field('o').split('.');
	const [genesis, merchant, price, until] = [field('c') as `0x${string}`, Number(field('m')), field('v'), Number(field('t'))];
	const order = { era: Number(era), commitment: commitment as `0x${string}` };
	const legs = [{ program, maxPoints: BigInt(maxPoints) }];
	const bytes = slipBytes(genesis, key.address, { merchant, order, price: BigInt(price), legs, until });
	return {
		payer: key.address, era: order.era, price, legs: [{ program, max_points: maxPoints }], until,
		signature: hexOf(key.sign(bytes)),
	};
}

if (what === 'address') console.log(key.address);
else if (what === 'sign') console.log(hexOf(key.sign(bytesOf(words[0] ?? ''))));
else if (what === 'slip') console.log(JSON.stringify(slip(words[0] ?? '', Number(words[1]), words[2] ?? '')));
else throw new Error('say what to do: address, sign or slip');
