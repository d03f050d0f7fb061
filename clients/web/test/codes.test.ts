import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import encode from 'qr';
import decode from 'qr/decode.js';

/** A code as a camera sees it that is held still: each module as so many pixels, black on white. */
function seen(text: string) {
	const code = encode(text, 'raw', { ecc: 'low', border: 4 });
	const scale = 6;
	const side = code.length * scale;
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	for (let place = 0; place < side * side; place++) {
		const [x, y] = [place % side, Math.floor(place / side)].map((pixel) => Math.floor(pixel / scale)) as [number, number];
		if (code[y]?.[x]) data.fill(0, 4 * place, 4 * place + 3);
	}
	return { width: side, height: side, data };
}

test('of three hundred slips every code is read', () => {
	for (let count = 0; count < 300; count++) {
		const text = `hanse:slip?${randomBytes(170).toString('base64url')}`;
		assert.equal(decode(seen(text)), text);
	}
});
