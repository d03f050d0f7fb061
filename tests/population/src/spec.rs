//! Chain specifications as JSON.

use serde_json::Value;
use sp_core::storage::{well_known_keys, Storage};
use std::{
	fs,
	io::{self, Write},
	path::Path,
};

/// A raw specification, of which the state is replaced.
pub struct Spec {
	head: serde_json::Map<String, Value>,
	/// The runtime, in hex.
	code: String,
}

impl Spec {
	pub fn read(path: &Path) -> Result<Self, String> {
		let file = path.display();
		let text = fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
		let mut spec: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
		let code = spec["genesis"]["raw"]["top"][hex(well_known_keys::CODE)].take();
		let (Value::String(code), Value::Object(mut head)) = (code, spec) else {
			return Err(format!(
				"{file} is no raw specification; write one with `hanse build-spec --chain dev --raw`"
			));
		};
		head.remove("genesis");
		Ok(Self { head, code })
	}

	/// Writes it with this state, of which the runtime is left as it was.
	pub fn write(&self, storage: &Storage, mut to: impl Write) -> io::Result<()> {
		write!(to, "{{")?;
		for (key, value) in &self.head {
			write!(to, "{}:{value},", Value::from(key.as_str()))?;
		}
		write!(
			to,
			"\"genesis\":{{\"raw\":{{\"childrenDefault\":{{}},\"top\":{{\"{}\":\"{}\"",
			hex(well_known_keys::CODE),
			self.code
		)?;
		for (key, value) in storage.top.iter().filter(|(key, _)| key.as_slice() != well_known_keys::CODE) {
			write!(to, ",\"{}\":\"{}\"", hex(key), hex(value))?;
		}
		writeln!(to, "}}}}}}}}")?;
		to.flush()
	}
}

fn hex(bytes: &[u8]) -> String {
	const DIGITS: &[u8; 16] = b"0123456789abcdef";
	let mut text = String::with_capacity(2 + 2 * bytes.len());
	text.push_str("0x");
	for byte in bytes {
		text.push(DIGITS[usize::from(byte >> 4)] as char);
		text.push(DIGITS[usize::from(byte & 15)] as char);
	}
	text
}
