/** What a camera sees: a QR code, as a film of one picture. */
import { writeFileSync } from 'node:fs';
import encode from 'qr';

const [WIDTH, HEIGHT] = [640, 480];
const [DARK, LIGHT] = [20, 235];

/** Lets the camera whose file this is see a code of `text`, or a blank wall. */
export function film(file: string, text?: string): void {
	const code = text ? encode(text, 'raw', { ecc: 'low', border: 4 }) : [[false]];
	const scale = Math.floor(HEIGHT / code.length);
	const [left, top] = [Math.floor((WIDTH - code.length * scale) / 2), Math.floor((HEIGHT - code.length * scale) / 2)];
	const bright = Buffer.alloc(WIDTH * HEIGHT, LIGHT);
	for (let y = 0; y < code.length * scale; y++) {
		for (let x = 0; x < code.length * scale; x++) {
			if (code[Math.floor(y / scale)]?.[Math.floor(x / scale)]) bright[(top + y) * WIDTH + left + x] = DARK;
		}
	}
	const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
	const frame = Buffer.concat([Buffer.from('FRAME\n'), bright, grey]);
	writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}
