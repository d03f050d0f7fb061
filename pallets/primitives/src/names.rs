//! Names that people can tell apart, by [Unicode Technical Standard 39](https://www.unicode.org/reports/tr39/).
//!
//! A name is accepted or refused as it is; nothing is repaired silently. What is compared are its *readings*:
//! the name as it stands, in capitals and in small letters, each without spaces and punctuation and with every
//! character replaced by the plainest one that looks like it. Two names that share a reading are one to a reader.

use alloc::{collections::btree_set::BTreeSet, string::String};
use frame_support::traits::ConstU32;
use sp_runtime::BoundedVec;
use unicode_normalization::{char::is_combining_mark, is_nfc};
use unicode_security::{skeleton, GeneralSecurityProfile, MixedScript};

/// What an institution calls itself or its program: UTF-8, at most 32 bytes.
pub type Name = BoundedVec<u8, ConstU32<32>>;

/// One reading of a name, cut to 96 bytes; a name has at most three that differ.
pub type Reading = BoundedVec<u8, ConstU32<96>>;

/// Punctuation beside ASCII's that names may have.
const PUNCTUATION: &str = "‘’“”„«»–—·€";
/// Marks on one letter at most.
const MAX_MARKS: u32 = 4;

/// `bytes` as a name, or `None` if they are none: 1 to 32 bytes of UTF-8 in normal form C; letters and digits of
/// one script, at least one of them, with punctuation and single spaces between them; nothing that is
/// invisible, controls, gives a direction or is obsolete.
pub fn name(bytes: &[u8]) -> Option<Name> {
	let text = core::str::from_utf8(bytes).ok()?;
	let is_name = is_nfc(text)
		&& text.split(' ').all(|word| !word.is_empty())
		&& text.chars().all(is_allowed)
		&& text.chars().any(char::is_alphanumeric)
		&& text.is_single_script()
		&& has_marks_in_place(text);
	is_name.then(|| Name::try_from(bytes.to_vec()).ok()).flatten()
}

fn is_allowed(c: char) -> bool {
	match c {
		' '..='~' => true,
		// They join letters, and are seen by nobody elsewhere.
		'\u{200c}' | '\u{200d}' => false,
		_ => c.identifier_allowed() || PUNCTUATION.contains(c),
	}
}

/// Whether marks stand on letters, few on each and none twice.
fn has_marks_in_place(text: &str) -> bool {
	let (mut last, mut marks) = (' ', 0);
	text.chars().all(|c| {
		marks = if is_combining_mark(c) { marks + 1 } else { 0 };
		let under = core::mem::replace(&mut last, c);
		marks == 0 || marks <= MAX_MARKS && under != c && (under.is_alphanumeric() || marks > 1)
	})
}

/// How a name can be read; empty for what is no text.
pub fn readings(name: &[u8]) -> BTreeSet<Reading> {
	let Ok(text) = core::str::from_utf8(name) else { return BTreeSet::new() };
	[text.into(), text.to_uppercase(), text.to_lowercase()]
		.into_iter()
		.map(|text: String| {
			let plain: String = skeleton(&text)
				.flat_map(char::to_lowercase)
				.filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
				.collect();
			Reading::truncate_from(plain.replace("vv", "w").into_bytes())
		})
		.collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn is_name(text: &str) -> bool {
		name(text.as_bytes()).is_some()
	}

	fn are_one(one: &str, other: &str) -> bool {
		!readings(one.as_bytes()).is_disjoint(&readings(other.as_bytes()))
	}

	#[test]
	fn names_of_the_world_are_names() {
		for text in [
			"Alster Air",
			"Lübecker Straße",
			"H&M",
			"7-Eleven",
			"L’Oréal Paris",
			"Müller (Süd) No. 5",
			"Аэрофлот",
			"Δέλτα",
			"日本航空",
			"セブン銀行",
			"대한항공",
			"बिग बाज़ार",
			"ร้านอาหาร",
			"שופרסל",
			"العربية",
			"Việt Hàng",
			"C++",
			"X",
		] {
			assert!(is_name(text), "{text}");
		}
	}

	#[test]
	fn what_cannot_be_seen_or_mixes_scripts_is_no_name() {
		for text in [
			"",
			" ",
			" Alster",
			"Alster ",
			"Alster  Air",
			"Alster\u{a0}Air",
			"Alster\u{200b} Air",
			"Alster\u{200d}Air",
			"Alster\u{ad}Air",
			"\u{200b}",
			"\u{202e}riA retslA",
			"Alster\u{2066}Air\u{2069}",
			"Alster\u{feff}",
			"Alster\u{e0041}",
			"Alster\u{fe0f}",
			"Alster\u{34f}Air",
			"\u{3164}",
			"\u{2800}",
			"Alster\u{1b}[31mAir",
			"Alster\nAir",
			"Alster\tAir",
			"Alster\0",
			"Alster\u{85}Air",
			"Alster\u{2028}Air",
			"Alster\u{e000}Air",
			// A Cyrillic A, a Greek one, an Arabic digit.
			"\u{410}lster Air",
			"Alst\u{3b1}r",
			"Alster \u{661}",
			// Not in normal form C.
			"Lu\u{308}beck",
			// Mathematical, fullwidth and circled letters.
			"𝐀lster",
			"Ａlster",
			"Ⓐlster",
			"...",
			"&",
			"\u{301}A",
			"A b\u{331}\u{331}",
			"b\u{331}\u{320}\u{324}\u{323}\u{325}",
		] {
			assert!(!is_name(text), "{text:?}");
		}
		assert_eq!(name(b"\xff\xfe"), None);
		assert_eq!(name(&[b'x'; 33]), None);
		assert!(name(&[b'x'; 32]).is_some());
	}

	#[test]
	fn names_that_a_reader_takes_for_one_share_a_reading() {
		for (one, other) in [
			("Alster Air", "ALSTER AIR"),
			("Alster Air", "alsterair"),
			("Alster Air", "A lster Air"),
			("Alster Air", "AIster Air"),
			("Alster Air", "A1ster A1r"),
			("Books", "B00ks"),
			("Modern", "Modem"),
			("Lübecker Straße", "LÜBECKER STRASSE"),
			// Wholly Cyrillic, wholly Greek.
			("BOOKS", "ВООК\u{405}"),
			("Pay", "Рау"),
			("rop", "гор"),
			("Her", "Нег"),
			("KAPA", "ΚΑΡΑ"),
			("L’Or", "L'Or"),
			("A–B", "A-B"),
			("Alster Air", "Alster-Air"),
			("Alster Air", "'Alster Air.'"),
			("Alster Air", "Alster·Air"),
			("H&M", "HM"),
			("Wave", "VVave"),
			("wave", "vvave"),
		] {
			assert!(are_one(one, other), "{one} and {other}");
		}
		for (one, other) in [("Alster Air", "Bergen Books"), ("SKY", "SKI"), ("Ann", "Ben"), ("A1", "A2")] {
			assert!(!are_one(one, other), "{one} and {other}");
		}
	}

	#[test]
	fn a_name_has_up_to_three_readings_and_no_text_none() {
		assert_eq!(readings(b"\xff"), BTreeSet::new());
		assert!(readings("Нег".as_bytes()).len() <= 3);
		assert_eq!(readings("X".as_bytes()).len(), 1);
	}

	proptest! {
		#[test]
		fn case_and_spaces_make_no_other_name(text in "[A-Za-zäöüßéñ0-9]{1,8}( [A-Za-zäöü]{1,4}){0,2}") {
			prop_assert!(is_name(&text));
			for other in [text.to_uppercase(), text.to_lowercase(), text.replace(' ', "")] {
				prop_assert!(are_one(&text, &other));
			}
		}

		#[test]
		fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "\\PC{0,12}") {
			let _ = (name(&bytes), readings(&bytes), readings(text.as_bytes()));
			if let Some(name) = name(text.as_bytes()) {
				prop_assert!(!text.chars().any(char::is_control) && !readings(&name).is_empty());
			}
		}
	}
}
