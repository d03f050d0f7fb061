//! The document: one text for one content, so that its hash says all of it.

use crate::{
	model::Hash,
	orders::commitment::{Scope, commitment},
};
use hanse_chain::{AccountId, InstitutionId, ProgramId, document_hash};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const WHAT: &str = "Hanse opening balances";

/// What customers had of a program at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
	/// The genesis of the chain on which they are issued.
	pub chain: Hash,
	pub institution: InstitutionId,
	pub program: ProgramId,
	pub day: Date,
	pub balances: Vec<Balance>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
	pub account: AccountId,
	pub customer: Option<String>,
	/// Smallest units.
	pub points: u64,
	/// The last day of the points, as it was promised.
	pub expires: Option<Date>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
	#[error("it is no document of opening balances: {0}")]
	Unreadable(String),
	#[error("it says that it has {said} lines, and has {found}")]
	Lines { said: usize, found: usize },
	#[error("line {place} says that it is line {said}")]
	Place { place: usize, said: usize },
	#[error("its total is {said} points, and its lines come to {found}")]
	Sum { said: String, found: u128 },
	#[error(
		"it is not written as `opening prepare` writes it: somebody changed it, or another program wrote it anew"
	)]
	NotCanonical,
}

/// As it is written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
	what: String,
	chain: Hash,
	institution: InstitutionId,
	program: ProgramId,
	day: Date,
	lines: usize,
	total: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
	line: usize,
	account: AccountId,
	#[serde(skip_serializing_if = "Option::is_none")]
	customer: Option<String>,
	points: String,
	#[serde(skip_serializing_if = "Option::is_none")]
	expires: Option<Date>,
}

#[derive(Deserialize)]
struct Whole {
	#[serde(flatten)]
	header: serde_json::Map<String, serde_json::Value>,
	balances: Vec<Written>,
}

impl Document {
	/// Smallest units of all lines.
	pub fn total(&self) -> u128 {
		self.balances.iter().map(|balance| u128::from(balance.points)).sum()
	}

	/// The text: JSON, a line for each balance.
	pub fn text(&self) -> Result<String, DocumentError> {
		let header = Header {
			what: WHAT.into(),
			chain: self.chain,
			institution: self.institution,
			program: self.program,
			day: self.day,
			lines: self.balances.len(),
			total: self.total().to_string(),
		};
		let header = serde_json::to_string(&header).map_err(unreadable)?;
		let mut lines = Vec::with_capacity(self.balances.len());
		for (place, balance) in self.balances.iter().enumerate() {
			let written = Written {
				line: place + 1,
				account: balance.account,
				customer: balance.customer.clone(),
				points: balance.points.to_string(),
				expires: balance.expires,
			};
			lines.push(serde_json::to_string(&written).map_err(unreadable)?);
		}
		let header = header.trim_end_matches('}');
		Ok(format!("{header},\"balances\":[\n{}\n]}}\n", lines.join(",\n")))
	}

	/// Reads a text that says one thing in the one way in which it is written.
	pub fn read(text: &[u8]) -> Result<Self, DocumentError> {
		let whole: Whole = serde_json::from_slice(text).map_err(unreadable)?;
		let header: Header =
			serde_json::from_value(serde_json::Value::Object(whole.header)).map_err(unreadable)?;
		if header.what != WHAT {
			return Err(DocumentError::Unreadable(format!("it is \"{}\"", header.what)));
		}
		if header.lines != whole.balances.len() {
			return Err(DocumentError::Lines { said: header.lines, found: whole.balances.len() });
		}
		let mut balances = Vec::with_capacity(whole.balances.len());
		for (place, Written { line, account, customer, points, expires }) in
			whole.balances.into_iter().enumerate()
		{
			if line != place + 1 {
				return Err(DocumentError::Place { place: place + 1, said: line });
			}
			let points = points.parse().map_err(|_| {
				DocumentError::Unreadable(format!("line {line} has {points} points, which is no number"))
			})?;
			balances.push(Balance { account, customer, points, expires });
		}
		let Header { chain, institution, program, day, .. } = header;
		let document = Self { chain, institution, program, day, balances };
		if document.total().to_string() != header.total {
			return Err(DocumentError::Sum { said: header.total, found: document.total() });
		}
		match document.text()?.as_bytes() == text {
			true => Ok(document),
			false => Err(DocumentError::NotCanonical),
		}
	}

	/// What is signed: BLAKE2b-256 of the text, as the chain keeps documents.
	pub fn hash(&self) -> Result<Hash, DocumentError> {
		Ok(Hash(document_hash(self.text()?.as_bytes())))
	}
}

/// What stands on the chain for a line, counted from 1: whoever has the document can tell.
pub fn order_of(document: Hash, program: ProgramId, line: usize) -> Hash {
	commitment(&document.0, Scope::Award(program), &line.to_string())
}

fn unreadable(error: serde_json::Error) -> DocumentError {
	DocumentError::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn document() -> Document {
		let balance = |points, customer: Option<&str>| Balance {
			account: AccountId([points as u8; 32]),
			customer: customer.map(str::to_owned),
			points,
			expires: customer.map(|_| "2027-12-31".parse().unwrap()),
		};
		Document {
			chain: Hash([7; 32]),
			institution: 1,
			program: 2,
			day: "2026-11-26".parse().unwrap(),
			balances: vec![balance(1_500, Some("C \"1\"")), balance(20, None)],
		}
	}

	fn changed(from: &str, to: &str) -> DocumentError {
		let text = document().text().unwrap();
		assert!(text.contains(from), "{text}");
		Document::read(text.replace(from, to).as_bytes()).unwrap_err()
	}

	#[test]
	fn what_is_written_is_read_and_has_one_hash() {
		let document = document();
		let text = document.text().unwrap();
		assert_eq!(Document::read(text.as_bytes()).unwrap(), document);
		assert_eq!(text.lines().count(), 4);
		// By `b2sum -l 256`.
		assert_eq!(
			String::from(document.hash().unwrap()),
			"0x0187ab64d65847a58046b0b70aeaa04ecd0ddd12a97b532fed99562fb9d8496d"
		);
	}

	#[test]
	fn a_document_that_was_changed_says_how() {
		assert_eq!(changed("\"1500\"", "\"1501\""), DocumentError::Sum { said: "1520".into(), found: 1521 });
		assert_eq!(changed("\"lines\":2", "\"lines\":3"), DocumentError::Lines { said: 3, found: 2 });
		assert_eq!(changed("\"line\":2", "\"line\":1"), DocumentError::Place { place: 2, said: 1 });
		for (from, to) in [("\n", " "), ("\"20\"", "\"020\""), ("\"points\"", " \"points\"")] {
			assert_eq!(changed(from, to), DocumentError::NotCanonical, "{from}");
		}
		assert!(matches!(changed("opening", "closing"), DocumentError::Unreadable(_)));
		assert!(matches!(changed("\"day\"", "\"date\""), DocumentError::Unreadable(_)));
	}

	#[test]
	fn each_line_of_each_document_is_an_order_of_its_own() {
		let hash = document().hash().unwrap();
		assert_ne!(order_of(hash, 2, 1), order_of(hash, 2, 2));
		assert_ne!(order_of(hash, 2, 1), order_of(Hash([0; 32]), 2, 1));
	}
}
