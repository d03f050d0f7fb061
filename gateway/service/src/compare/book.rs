//! A shop's file: what it says of which day or whose balance.

use super::DAY;
use crate::store::Moment;
use hanse_chain::{AccountId, ProgramId};
use std::collections::BTreeMap;

const MINUTE: Moment = 60 * 1000;

/// Columns of totals: how they come from what the index counts.
const TOTALS: &[&str] = &[
	"issued",
	"redeemed",
	"redeemed_at_home",
	"redeemed_at_partners",
	"exchanged_in",
	"exchanged_out",
	"expired",
	"cancelled",
	"reinstated",
	"outstanding",
];

/// Whose balance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
	Account(AccountId),
	/// By the institution's own reference.
	Customer(String),
}

/// What a shop says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
	pub(super) lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
	Balance { program: ProgramId, holder: Holder, points: i64 },
	Total { program: ProgramId, day: String, begins: Moment, column: &'static str, points: i64 },
}

impl Book {
	/// Reads a CSV. Days begin `ahead` minutes before those of UTC.
	pub fn read(text: &[u8], ahead: i32) -> Result<Self, String> {
		let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
		let header = reader.headers().map_err(|error| error.to_string())?.clone();
		let known = |name: &str| header.iter().any(|column| column == name);
		let totals = known("day");
		for column in &header {
			let fits = match totals {
				true => ["day", "program"].contains(&column) || TOTALS.contains(&column),
				false => ["account", "customer", "program", "points"].contains(&column),
			};
			if !fits {
				return Err(format!("the column {column} is not known: see `hanse-gateway compare --help`"));
			}
		}
		let balances = known("points") && known("account") != known("customer");
		if !known("program") || !(totals || balances) {
			return Err(
				"the first line names the columns: account,program,points or day,program,issued,…".into()
			);
		}
		let mut lines = Vec::new();
		for record in reader.records() {
			let record = record.map_err(|error| error.to_string())?;
			let place = record.position().map_or(0, csv::Position::line);
			let cells: BTreeMap<&str, &str> = header.iter().zip(record.iter()).collect();
			let read = match totals {
				true => Line::totals(&cells, ahead),
				false => Line::balance(&cells).map(|line| vec![line]),
			};
			lines.extend(read.map_err(|fault| format!("line {place}: {fault}"))?);
		}
		Ok(Self { lines })
	}
}

impl Book {
	/// Days between a program's first and last for which the shop says nothing, with their beginnings.
	pub(super) fn left_out(&self) -> Vec<(String, ProgramId, Moment)> {
		let mut days: BTreeMap<ProgramId, BTreeMap<Moment, &str>> = BTreeMap::new();
		for line in &self.lines {
			if let Line::Total { program, day, begins, .. } = line {
				days.entry(*program).or_default().insert(*begins, day);
			}
		}
		let mut left_out = Vec::new();
		for (program, days) in days {
			for (&begins, day) in &days {
				let next = days.range(begins + 1..).next().map_or(begins, |(next, _)| *next);
				let mut date: Option<jiff::civil::Date> = day.parse().ok();
				for between in (begins + DAY..next).step_by(DAY as usize) {
					date = date.and_then(|date| date.tomorrow().ok());
					left_out.extend(date.map(|date| (date.to_string(), program, between)));
				}
			}
		}
		left_out
	}

	/// The columns of totals that the shop has.
	pub(super) fn columns(&self) -> impl Iterator<Item = &'static str> {
		TOTALS.iter().copied().filter(|name| {
			self.lines.iter().any(|line| matches!(line, Line::Total { column, .. } if column == name))
		})
	}

	/// The first day that ends after a moment.
	pub(super) fn not_over(&self, last: Moment) -> Option<String> {
		let days = self.lines.iter().filter_map(|line| match line {
			Line::Total { day, begins, .. } if begins + DAY > last => Some((begins, day)),
			_ => None,
		});
		days.min().map(|(_, day)| day.clone())
	}
}

impl Line {
	fn balance(cells: &BTreeMap<&str, &str>) -> Result<Self, String> {
		let holder = match (cells.get("account"), cells.get("customer")) {
			(Some(account), _) => Holder::Account(account.parse()?),
			(None, customer) => Holder::Customer(customer.copied().unwrap_or_default().to_owned()),
		};
		Ok(Self::Balance { program: program(cells)?, holder, points: points(cells, "points")? })
	}

	fn totals(cells: &BTreeMap<&str, &str>, ahead: i32) -> Result<Vec<Self>, String> {
		let day = cells.get("day").copied().unwrap_or_default();
		let date: jiff::civil::Date =
			day.parse().map_err(|_| format!("{day} is no day: write it as 2026-11-02"))?;
		let midnight = date
			.to_zoned(jiff::tz::TimeZone::UTC)
			.map_err(|_| format!("{day} is no day that there can be"))?
			.timestamp()
			.as_millisecond();
		let begins = midnight - Moment::from(ahead) * MINUTE;
		let program = program(cells)?;
		TOTALS
			.iter()
			.filter(|column| cells.contains_key(*column))
			.map(|column| {
				let points = points(cells, column)?;
				Ok(Self::Total { program, day: day.to_owned(), begins, column, points })
			})
			.collect()
	}
}

fn program(cells: &BTreeMap<&str, &str>) -> Result<ProgramId, String> {
	let text = cells.get("program").copied().unwrap_or_default();
	text.parse().map_err(|_| format!("{text} is no program: write its number"))
}

fn points(cells: &BTreeMap<&str, &str>, column: &str) -> Result<i64, String> {
	let text = cells.get(column).copied().unwrap_or_default();
	text.parse()
		.map_err(|_| format!("{text} is no number of points: {column} is in smallest units, without a point"))
}

#[cfg(test)]
mod tests {
	use super::*;

	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

	#[test]
	fn a_file_that_cannot_be_read_says_where() {
		let read = |text: &str| Book::read(text.as_bytes(), 0).unwrap_err();
		assert!(read("account,points\n").contains("first line"));
		assert!(read("account,program,points,colour\n").contains("colour"));
		assert!(read(&format!("account,program,points\n{ALICE},1,1.5\n")).contains("line 2: 1.5"));
		assert!(read("day,program,issued\n02.11.2026,1,5\n").contains("02.11.2026"));
	}
}
