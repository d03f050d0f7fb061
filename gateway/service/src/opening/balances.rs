//! A shop's CSV of balances.

use hanse_chain::AccountId;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashSet};

/// Whose balance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
	Account(AccountId),
	/// By the institution's own reference, whose account the gateway knows.
	Customer(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
	/// In the file, the header being the first.
	pub line: u64,
	pub holder: Holder,
	/// The shop's own name for whoever has the account.
	pub customer: Option<String>,
	pub points: u64,
	pub expires: Option<Date>,
}

const COLUMNS: [&str; 4] = ["account", "customer", "points", "expires"];

/// Reads all of it, or says what is wrong with every line.
pub fn read(text: &[u8]) -> Result<Vec<Row>, Vec<String>> {
	let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
	let header = reader.headers().map_err(|error| vec![error.to_string()])?.clone();
	let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
	if let Some(unknown) = names.iter().find(|name| !COLUMNS.contains(name)) {
		return Err(vec![format!("the column {unknown} is not known: columns are {}", COLUMNS.join(", "))]);
	}
	if !names.contains(&"points") || !(names.contains(&"account") || names.contains(&"customer")) {
		return Err(vec!["the first line names the columns: account (or customer), points, expires".into()]);
	}
	let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
	for record in reader.records() {
		let record = match record {
			Ok(record) => record,
			Err(error) => {
				faults.push(error.to_string());
				continue;
			},
		};
		let line = record.position().map_or(0, csv::Position::line);
		let cells = names.iter().copied().zip(record.iter()).filter(|(_, text)| !text.is_empty()).collect();
		match row(line, &cells) {
			Ok(row) if !seen.insert((row.holder.clone(), row.expires)) => {
				faults
					.push(format!("line {line}: the holder stands twice with one expiry: add the points up"));
			},
			Ok(row) => rows.push(row),
			Err(fault) => faults.push(format!("line {line}: {fault}")),
		}
	}
	if rows.is_empty() && faults.is_empty() {
		faults.push("there is no balance in it".into());
	}
	if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn row(line: u64, cells: &BTreeMap<&str, &str>) -> Result<Row, String> {
	let customer = cells.get("customer").map(|text| (*text).to_owned());
	let holder = match (cells.get("account"), &customer) {
		(Some(account), _) => Holder::Account(account.parse()?),
		(None, Some(customer)) => Holder::Customer(customer.clone()),
		(None, None) => return Err("it has neither account nor customer".into()),
	};
	let text = cells.get("points").copied().unwrap_or_default();
	let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
	let points = text.parse().ok().filter(|points| is_whole && (1..=i64::MAX as u64).contains(points));
	let points = points.ok_or_else(|| {
		format!(
			"\"{text}\" is no balance: write a whole number of smallest units, and leave out who has none"
		)
	})?;
	let expires = cells.get("expires").map(|text| {
		text.parse().map_err(|_| format!("{text} is no day: write the last day of the points as 2027-12-31"))
	});
	Ok(Row { line, holder, customer, points, expires: expires.transpose()? })
}

#[cfg(test)]
mod tests {
	use super::*;

	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

	#[test]
	fn a_line_names_a_customer_or_an_account() {
		let text = format!("customer,account,points,expires\nC-1,,1500,2027-12-31\nC-2,{ALICE},7,\n");
		let rows = read(text.as_bytes()).unwrap();
		assert_eq!(rows[0].holder, Holder::Customer("C-1".into()));
		assert_eq!(rows[0].expires, Some("2027-12-31".parse().unwrap()));
		assert_eq!(rows[1].holder, Holder::Account(ALICE.parse().unwrap()));
		assert_eq!((rows[1].customer.as_deref(), rows[1].points, rows[1].line), (Some("C-2"), 7, 3));
	}

	#[test]
	fn every_bad_line_is_named() {
		let text = "customer,points,expires\nC-1,0,\nC-2,1.5,\nC-3,9223372036854775808,\n,5,\nC-4,5,31.12.2027\nC-5,5,\nC-5,6,\n";
		let faults = read(text.as_bytes()).unwrap_err();
		let lines: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
		assert_eq!(lines, ["line 2", "line 3", "line 4", "line 5", "line 6", "line 8"], "{faults:?}");
		assert!(read(b"customer,points,colour\nC,1,red\n").unwrap_err()[0].contains("colour"));
		assert!(read(b"customer\nC\n").is_err());
		assert!(read(b"customer,points\n").is_err());
	}
}
