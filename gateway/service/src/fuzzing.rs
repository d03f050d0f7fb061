//! What a fuzzer gives to everything that reads bytes from outside, and what must hold of it. The first byte says who
//! reads the others.

use crate::{
	api::{BODIES, read_body},
	config::{Config, Overrides},
	opening::{self, Document, Party, Signatures},
};
use std::path::Path;

/// Reads bytes. It never panics but for something that is wrong with this program.
pub fn take(bytes: &[u8]) {
	let Some((first, bytes)) = bytes.split_first() else { return };
	match reader(*first) {
		0 => config(bytes),
		1 => document(bytes),
		2 => balances(bytes),
		3 => signatures(bytes),
		other => read_body(other - OTHERS, bytes),
	}
}

/// Readers of what is not the body of a request.
const OTHERS: u8 = 4;

/// Who reads what comes after this byte.
fn reader(first: u8) -> u8 {
	first % (OTHERS + BODIES)
}

/// A configuration is taken, or each fault of it is a sentence.
fn config(bytes: &[u8]) {
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	match Config::parse(text, Path::new("/etc/hanse"), Overrides::default()) {
		Ok(config) => {
			for institution in &config.institutions {
				assert!(config.institution(institution.id).is_some());
			}
		},
		Err(faults) => assert!(!faults.0.is_empty() && faults.0.iter().all(|fault| !fault.is_empty())),
	}
}

/// A document that is read says what it was read from, to the byte.
fn document(bytes: &[u8]) {
	if let Ok(document) = Document::read(bytes) {
		assert_eq!(document.text().as_deref().map(str::as_bytes), Ok(bytes));
	}
}

/// Balances that are read are none that a document would refuse.
fn balances(bytes: &[u8]) {
	match opening::read(bytes) {
		Ok(rows) => assert!(rows.iter().all(|row| (1..=i64::MAX as u64).contains(&row.points))),
		Err(faults) => assert!(!faults.is_empty()),
	}
}

/// Signatures are good or not, and are written as they are read.
fn signatures(bytes: &[u8]) {
	let Ok(signatures) = serde_json::from_slice::<Signatures>(bytes) else { return };
	for party in [Party::Shop, Party::Auditor] {
		if let Err(fault) = signatures.of(party) {
			assert!(!fault.is_empty());
		}
	}
	let written = serde_json::to_vec(&signatures).unwrap_or_default();
	assert_eq!(serde_json::from_slice::<Signatures>(&written).ok().as_ref(), Some(&signatures));
}

#[cfg(test)]
mod tests {
	use super::*;

	/// What a fuzzer found by which more of the program is reached: see `gateway/fuzz`.
	const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus");

	#[test]
	fn what_the_fuzzer_found_is_read_or_refused() {
		let mut readers = std::collections::BTreeMap::<u8, usize>::new();
		for file in std::fs::read_dir(CORPUS).unwrap() {
			let bytes = std::fs::read(file.unwrap().path()).unwrap();
			take(&bytes);
			*readers.entry(reader(bytes[0])).or_default() += 1;
		}
		let all = OTHERS + BODIES;
		for reader in 0..all {
			assert!(readers.contains_key(&reader), "reader {reader} of {all} has no file: {readers:?}");
		}
	}
}
