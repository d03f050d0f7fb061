import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, concat, hexOf, littleEndian, textOf, utf8 } from '../src/bytes.ts';

test('bytes are written in hexadecimal and read again', () => {
	assert.equal(hexOf(Uint8Array.of(0, 1, 255)), '0x0001ff');
	assert.deepEqual(bytesOf('0x0001ff'), Uint8Array.of(0, 1, 255));
	assert.deepEqual(bytesOf('0x'), new Uint8Array());
});

test('text is UTF-8', () => {
	assert.equal(textOf(utf8('Lübeck')), 'Lübeck');
});

test('numbers have their least byte first', () => {
	assert.equal(hexOf(littleEndian(0x01020304, 4)), '0x04030201');
	assert.equal(hexOf(littleEndian((1n << 64n) - 1n, 8)), '0xffffffffffffffff');
	assert.equal(hexOf(concat(littleEndian(1, 2), littleEndian(2, 1))), '0x010002');
});
