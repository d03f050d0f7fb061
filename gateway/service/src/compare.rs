//! A shop's own books against the index: balances as they are, or totals day by day.

use crate::store::{Moment, Store, StoreError};
use hanse_chain::{AccountId, InstitutionId, ProgramId};
use sqlx::Row;
use std::{collections::BTreeMap, fmt};

const DAY: Moment = 24 * 60 * 60 * 1000;
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

#[derive(Debug, thiserror::Error)]
pub enum CompareError {
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error("{0} is no customer of the institution here: import customers first, or use the column account")]
	UnknownCustomer(String),
	#[error("the column customer needs --institution: whose references are they?")]
	WhoseCustomers,
}

impl From<sqlx::Error> for CompareError {
	fn from(error: sqlx::Error) -> Self {
		Self::Store(error.into())
	}
}

/// Whose balance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
	Account(AccountId),
	/// By the institution's own reference.
	Customer(String),
}

/// What a shop says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
	lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
	Balance { program: ProgramId, holder: Holder, points: i64 },
	Total { program: ProgramId, day: String, begins: Moment, column: &'static str, points: i64 },
}

/// Where two books do not say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
	pub of: String,
	pub shop: i64,
	pub index: i64,
}

impl fmt::Display for Difference {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { of, shop, index } = self;
		write!(f, "{of}: the shop has {shop}, the chain {index}, {:+}", index - shop)
	}
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
	pub compared: usize,
	pub differences: Vec<Difference>,
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

/// Compares everything that the shop says; and of programs whose balances it says, everything that the index has.
pub async fn compare(
	store: &Store,
	book: &Book,
	institution: Option<InstitutionId>,
) -> Result<Comparison, CompareError> {
	let mut result = Comparison::default();
	let mut balances: BTreeMap<ProgramId, BTreeMap<AccountId, i64>> = BTreeMap::new();
	for line in &book.lines {
		match line {
			Line::Balance { program, holder, points } => {
				let account = account(store, holder, institution).await?;
				*balances.entry(*program).or_default().entry(account).or_default() += points;
			},
			Line::Total { program, day, begins, column, points } => {
				let before = flows(store, *program, *begins).await?;
				let after = flows(store, *program, begins + DAY).await?;
				let index = total(column, before, after);
				result.add(format!("{day}, program {program}, {column}"), *points, index);
			},
		}
	}
	for (program, shop) in balances {
		let index = holdings(store, program).await?;
		for account in shop.keys().chain(index.keys().filter(|one| !shop.contains_key(one))) {
			let of = |book: &BTreeMap<AccountId, i64>| book.get(account).copied().unwrap_or_default();
			result.add(format!("{account}, program {program}"), of(&shop), of(&index));
		}
	}
	Ok(result)
}

impl Comparison {
	fn add(&mut self, of: String, shop: i64, index: i64) {
		self.compared += 1;
		if shop != index {
			self.differences.push(Difference { of, shop, index });
		}
	}
}

async fn account(
	store: &Store,
	holder: &Holder,
	institution: Option<InstitutionId>,
) -> Result<AccountId, CompareError> {
	let reference = match holder {
		Holder::Account(account) => return Ok(*account),
		Holder::Customer(reference) => reference,
	};
	let institution = institution.ok_or(CompareError::WhoseCustomers)?;
	let row = sqlx::query("SELECT account FROM customers WHERE institution = $1 AND reference = $2")
		.bind(i64::from(institution))
		.bind(reference.clone())
		.fetch_optional(store.read())
		.await?
		.ok_or_else(|| CompareError::UnknownCustomer(reference.clone()))?;
	read_account(row.try_get("account")?)
}

fn read_account(bytes: Vec<u8>) -> Result<AccountId, CompareError> {
	let bytes = <[u8; 32]>::try_from(bytes)
		.map_err(|_| StoreError::Inconsistent("an account that is not of 32 bytes".into()))?;
	Ok(AccountId(bytes))
}

/// What everybody has of a program now, pending points included.
async fn holdings(store: &Store, program: ProgramId) -> Result<BTreeMap<AccountId, i64>, CompareError> {
	let rows = sqlx::query(
		"SELECT h.account, h.amount, h.pending FROM holdings h JOIN vintages v ON v.asset = h.asset \
		 WHERE v.program = $1 AND v.expired IS NULL",
	)
	.bind(i64::from(program))
	.fetch_all(store.read())
	.await?;
	let mut found = BTreeMap::new();
	for row in rows {
		let points = row.try_get::<i64, _>("amount")? + row.try_get::<i64, _>("pending")?;
		*found.entry(read_account(row.try_get("account")?)?).or_default() += points;
	}
	found.retain(|_, points| *points != 0);
	Ok(found)
}

/// What happened to a program's points before a moment.
#[derive(Clone, Copy, Debug, Default)]
struct Flows {
	issued: i64,
	at_home: i64,
	at_partners: i64,
	exchanged_in: i64,
	exchanged_out: i64,
	expired: i64,
	cancelled: i64,
	reinstated: i64,
}

async fn flows(store: &Store, program: ProgramId, until: Moment) -> Result<Flows, CompareError> {
	let row = sqlx::query(
		"SELECT issued, redeemed_at_home, redeemed_at_partners, exchanged_in, exchanged_out, expired, cancelled, \
		 reinstated FROM flows WHERE program = $1 AND time < $2 ORDER BY block DESC LIMIT 1",
	)
	.bind(i64::from(program))
	.bind(until)
	.fetch_optional(store.read())
	.await?;
	let Some(row) = row else { return Ok(Flows::default()) };
	Ok(Flows {
		issued: row.try_get("issued")?,
		at_home: row.try_get("redeemed_at_home")?,
		at_partners: row.try_get("redeemed_at_partners")?,
		exchanged_in: row.try_get("exchanged_in")?,
		exchanged_out: row.try_get("exchanged_out")?,
		expired: row.try_get("expired")?,
		cancelled: row.try_get("cancelled")?,
		reinstated: row.try_get("reinstated")?,
	})
}

impl Flows {
	fn redeemed(self) -> i64 {
		self.at_home + self.at_partners
	}

	fn outstanding(self) -> i64 {
		self.issued + self.reinstated + self.exchanged_in
			- self.redeemed()
			- self.exchanged_out
			- self.expired
			- self.cancelled
	}
}

fn total(column: &str, before: Flows, after: Flows) -> i64 {
	let of = |count: fn(Flows) -> i64| count(after) - count(before);
	match column {
		"issued" => of(|flows| flows.issued),
		"redeemed" => of(Flows::redeemed),
		"redeemed_at_home" => of(|flows| flows.at_home),
		"redeemed_at_partners" => of(|flows| flows.at_partners),
		"exchanged_in" => of(|flows| flows.exchanged_in),
		"exchanged_out" => of(|flows| flows.exchanged_out),
		"expired" => of(|flows| flows.expired),
		"cancelled" => of(|flows| flows.cancelled),
		"reinstated" => of(|flows| flows.reinstated),
		_ => after.outstanding(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	const NOON: Moment = 1_793_620_800_000;

	async fn store(folder: &tempfile::TempDir) -> Store {
		let store = Store::open(&format!("sqlite://{}/db", folder.path().display())).await.unwrap();
		let alice: AccountId = ALICE.parse().unwrap();
		let mut tx = store.write().await.unwrap();
		let vintage = "INSERT INTO vintages (asset, program, face_value, expires, opened, supply, pending) \
			VALUES (11, 1, 1, 1, 1, 70, 5)";
		sqlx::query(vintage).execute(&mut *tx).await.unwrap();
		sqlx::query("INSERT INTO holdings (asset, account, amount, pending) VALUES (11, $1, 70, 5)")
			.bind(alice.0.to_vec())
			.execute(&mut *tx)
			.await
			.unwrap();
		sqlx::query(
			"INSERT INTO customers (institution, reference, account, created) VALUES (1, 'c-1', $1, 0)",
		)
		.bind(alice.0.to_vec())
		.execute(&mut *tx)
		.await
		.unwrap();
		for (block, time, issued, redeemed) in
			[(1, NOON, 100, 0), (2, NOON + 10, 100, 25), (3, NOON + DAY, 150, 75)]
		{
			sqlx::query(
				"INSERT INTO flows (program, block, time, issued, redeemed_at_home, redeemed_at_partners, exchanged_in, \
				 exchanged_out, expired, cancelled, reinstated, carried) VALUES (1, $1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0)",
			)
			.bind(block)
			.bind(time)
			.bind(issued)
			.bind(redeemed)
			.execute(&mut *tx)
			.await
			.unwrap();
		}
		tx.commit().await.unwrap();
		store
	}

	async fn differences(text: &str) -> Vec<String> {
		let folder = tempfile::tempdir().unwrap();
		let book = Book::read(text.as_bytes(), 0).unwrap();
		let result = compare(&store(&folder).await, &book, Some(1)).await.unwrap();
		result.differences.iter().map(ToString::to_string).collect()
	}

	#[tokio::test]
	async fn totals_are_compared_day_by_day() {
		let same = "day,program,issued,redeemed,outstanding\n2026-11-02,1,100,25,75\n2026-11-03,1,50,50,75\n2026-11-04,1,0,0,75\n";
		assert!(differences(same).await.is_empty());
		let other = "day,program,issued\n2026-11-02,1,99\n2026-11-03,1,50\n";
		assert_eq!(
			differences(other).await,
			["2026-11-02, program 1, issued: the shop has 99, the chain 100, +1"]
		);
	}

	#[tokio::test]
	async fn balances_are_compared_both_ways() {
		assert!(differences(&format!("account,program,points\n{ALICE},1,75\n")).await.is_empty());
		assert!(differences("customer,program,points\nc-1,1,70\nc-1,1,5\n").await.is_empty());
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		assert_eq!(differences(&format!("account,program,points\n{bob},1,3\n")).await.len(), 2);
	}

	#[test]
	fn a_file_that_cannot_be_read_says_where() {
		let read = |text: &str| Book::read(text.as_bytes(), 0).unwrap_err();
		assert!(read("account,points\n").contains("first line"));
		assert!(read("account,program,points,colour\n").contains("colour"));
		assert!(read(&format!("account,program,points\n{ALICE},1,1.5\n")).contains("line 2: 1.5"));
		assert!(read("day,program,issued\n02.11.2026,1,5\n").contains("02.11.2026"));
	}
}
