//! Values as the API takes and gives them: amounts, addresses, hashes, names.

use super::json::{At, FromJson};
use crate::model::{Fault, Hash};
use hanse_chain::AccountId;
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

/// Settlement units have this many decimals.
pub const MONEY_DECIMALS: u8 = 6;

/// Smallest units: a whole decimal number from 1 to 9223372036854775807, in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^[1-9][0-9]{0,18}$", example = "1250000")]
pub struct Units(pub u64);

/// Smallest units, or none: a whole decimal number from 0 to 9223372036854775807, in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^(0|[1-9][0-9]{0,18})$", example = "500000000")]
pub struct UnitsOrNone(pub u64);

/// The address (SS58) of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, min_length = 40, max_length = 64, example = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY")]
pub struct Address(pub AccountId);

/// 32 bytes: 0x and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-fA-F]{64}$", example = "0x8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4")]
pub struct Digest(pub Hash);

/// A signature: 0x, and 64 bytes of sr25519, or 65 with the kind in front, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^0x([0-9a-fA-F]{128}|[0-9a-fA-F]{130})$")]
pub struct Signature(pub String);

/// The caller's own name for something: 1 to 128 characters that can be seen.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 128, pattern = "^[!-~]+( [!-~]+)*$", example = "A-2026-000471")]
pub struct Reference(pub String);

/// An amount: smallest units, and as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Amount {
	/// Smallest units, a whole decimal number.
	#[schema(pattern = "^(0|[1-9][0-9]*)$", example = "1250000")]
	units: String,
	#[schema(example = "1.25")]
	display: String,
}

impl Amount {
	/// Settlement micro-units.
	pub fn money(units: u128) -> Self {
		Self::of(units, MONEY_DECIMALS, 2)
	}

	/// Smallest units of a program's points.
	pub fn points(units: u128, decimals: u8) -> Self {
		Self::of(units, decimals, decimals)
	}

	/// As people write it.
	pub fn display(&self) -> &str {
		&self.display
	}

	fn of(units: u128, decimals: u8, shown: u8) -> Self {
		Self { units: units.to_string(), display: display(units, decimals, shown) }
	}
}

/// `units` with its point; at least `shown` decimals, and more where they are not zero.
fn display(units: u128, decimals: u8, shown: u8) -> String {
	let one = 10u128.pow(decimals.into());
	let (whole, part) = (units / one, units % one);
	let mut part = format!("{part:0width$}", width = usize::from(decimals));
	while part.len() > usize::from(shown) && part.ends_with('0') {
		part.pop();
	}
	match decimals {
		0 => whole.to_string(),
		_ if part.is_empty() => whole.to_string(),
		_ => format!("{whole}.{part}"),
	}
}

fn text<'v>(value: &'v Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<&'v str> {
	value.as_str().or_else(|| {
		faults.push(at.fault("is to be a string."));
		None
	})
}

/// A whole decimal number of at most 2⁶³ − 1.
fn whole(text: &str) -> Option<u64> {
	let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
	text.parse().ok().filter(|units| plain && *units <= i64::MAX as u64)
}

impl FromJson for Units {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		match value.as_str().and_then(whole).filter(|units| *units > 0) {
			Some(units) => Some(Self(units)),
			None => {
				faults.push(at.fault(
					"is to be an amount of smallest units: a whole decimal number from 1 to 9223372036854775807, in a string.",
				));
				None
			},
		}
	}
}

impl FromJson for UnitsOrNone {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		match value.as_str().and_then(whole) {
			Some(units) => Some(Self(units)),
			None => {
				faults.push(at.fault(
					"is to be an amount of smallest units: a whole decimal number from 0 to 9223372036854775807, in a string.",
				));
				None
			},
		}
	}
}

impl FromJson for Address {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let account = text(value, at, faults)?.parse();
		match account {
			Ok(account) => Some(Self(account)),
			Err(_) => {
				faults.push(at.fault("is to be the address of an account, as wallets show it."));
				None
			},
		}
	}
}

impl FromJson for Digest {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		match Hash::try_from(text(value, at, faults)?.to_owned()) {
			Ok(hash) => Some(Self(hash)),
			Err(_) => {
				faults.push(at.fault("is to be 32 bytes: 0x and 64 hexadecimal digits."));
				None
			},
		}
	}
}

impl FromJson for Signature {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let text = text(value, at, faults)?;
		let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
		match bytes.map(|bytes| bytes.len()) {
			Some(64 | 65) => Some(Self(text.to_ascii_lowercase())),
			_ => {
				faults
					.push(at.fault("is to be a signature: 0x and the hexadecimal digits of 64 or 65 bytes."));
				None
			},
		}
	}
}

impl Reference {
	pub fn of(text: &str) -> Option<Self> {
		let fits = !text.is_empty()
			&& text.len() <= 128
			&& text.bytes().all(|b| (b' '..=b'~').contains(&b))
			&& !text.starts_with(' ')
			&& !text.ends_with(' ')
			&& !text.contains("  ");
		fits.then(|| Self(text.to_owned()))
	}
}

impl FromJson for Reference {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		Self::of(text(value, at, faults)?).or_else(|| {
			faults.push(
				at.fault("is to be 1 to 128 visible ASCII characters, with single spaces between them."),
			);
			None
		})
	}
}

/// Bytes: 0x and hexadecimal digits, at most 64 KiB of them.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^0x([0-9a-fA-F]{2})+$", max_length = 131074)]
pub struct Bytes(pub Vec<u8>);

impl FromJson for Bytes {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let text = text(value, at, faults)?;
		let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
		match bytes.filter(|bytes| (1..=65_536).contains(&bytes.len())) {
			Some(bytes) => Some(Self(bytes)),
			None => {
				faults.push(at.fault("is to be bytes: 0x and an even number of hexadecimal digits."));
				None
			},
		}
	}
}

/// Any text of at most so many bytes without control characters; the chain says what else it may contain.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 1024, pattern = r"^[^\u0000-\u001f\u007f]+$")]
pub struct Text(pub String);

impl FromJson for Text {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let text = text(value, at, faults)?;
		if text.is_empty() || text.len() > 1024 || text.contains(|c: char| c.is_ascii_control()) {
			faults.push(at.fault("is to be a text of 1 to 1,024 bytes without control characters."));
			return None;
		}
		Some(Self(text.to_owned()))
	}
}

macro_rules! as_text {
	($($type:ty),*) => {$(
		impl Serialize for $type {
			fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
				serializer.collect_str(&self.0)
			}
		}
	)*};
}
as_text!(Units, UnitsOrNone, Address, Signature, Reference, Text);

impl Serialize for Digest {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		self.0.serialize(serializer)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn units(value: Value) -> Option<u64> {
		Units::from_json(&value, At::ROOT, &mut Vec::new()).map(|units| units.0)
	}

	#[test]
	fn an_amount_is_a_whole_decimal_string_that_fits() {
		assert_eq!(units(json!("1")), Some(1));
		assert_eq!(units(json!("9223372036854775807")), Some(i64::MAX as u64));
		for wrong in [
			json!("0"),
			json!(1),
			json!(1.5),
			json!("01"),
			json!("+1"),
			json!("-1"),
			json!("1.0"),
			json!("1e3"),
			json!(" 1"),
			json!(""),
			json!("9223372036854775808"),
			json!("99999999999999999999999999"),
			json!(null),
			json!(["1"]),
		] {
			assert_eq!(units(wrong.clone()), None, "{wrong}");
		}
	}

	#[test]
	fn amounts_are_shown_as_people_write_them() {
		for (units, decimals, shown, text) in [
			(1_250_000, 6, 2, "1.25"),
			(1_000_000, 6, 2, "1.00"),
			(1_234_567, 6, 2, "1.234567"),
			(5, 6, 2, "0.000005"),
			(0, 6, 2, "0.00"),
			(150, 2, 2, "1.50"),
			(7, 0, 0, "7"),
		] {
			assert_eq!(display(units, decimals, shown), text);
		}
	}

	#[test]
	fn a_reference_can_be_seen() {
		assert!(Reference::of("A-2026 471").is_some());
		for wrong in ["", " a", "a ", "a  b", "a\nb", "ä", &"x".repeat(129)] {
			assert!(Reference::of(wrong).is_none(), "{wrong}");
		}
	}
}
