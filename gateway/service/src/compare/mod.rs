//! A shop's own books against the index: balances as they are, or totals day by day.

mod book;

pub use book::Book;

use crate::store::{Moment, Store, StoreError};
use book::{Holder, Line};
use hanse_chain::{AccountId, InstitutionId, ProgramId};
use sqlx::Row;
use std::{collections::BTreeMap, fmt};

/// Milliseconds.
const DAY: Moment = 24 * 60 * 60 * 1000;
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

/// Where two books do not say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
	/// The day, or the account.
	pub of: String,
	pub program: ProgramId,
	pub column: &'static str,
	pub shop: i64,
	pub index: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
	pub compared: usize,
	pub differences: Vec<Difference>,
	/// The first day of the shop's that the index has not seen to its end.
	pub not_over: Option<String>,
}

/// A table of the differences, in the order of the shop's file.
impl fmt::Display for Comparison {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let wide = self.differences.iter().map(|one| one.of.len()).max().unwrap_or_default().max(10);
		if !self.differences.is_empty() {
			writeln!(
				f,
				"{:wide$}  {:>7}  {:20}  {:>20}  {:>20}  {:>20}",
				"", "program", "", "shop", "chain", "difference"
			)?;
		}
		for Difference { of, program, column, shop, index } in &self.differences {
			let more = index - shop;
			writeln!(f, "{of:wide$}  {program:>7}  {column:20}  {shop:>20}  {index:>20}  {more:>+20}")?;
		}
		if let Some(day) = &self.not_over {
			writeln!(f, "{day} is not over in the index: compare it again later")?;
		}
		write!(f, "{} compared, {} differ", self.compared, self.differences.len())
	}
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
				result.add(day.clone(), *program, column, *points, total(column, before, after));
			},
		}
	}
	for (day, program, begins) in book.left_out() {
		let before = flows(store, program, begins).await?;
		let after = flows(store, program, begins + DAY).await?;
		for column in book.columns().filter(|column| *column != "outstanding") {
			let index = total(column, before, after);
			if index != 0 {
				result.add(day.clone(), program, column, 0, index);
			}
		}
	}
	result.not_over = book.not_over(last_time(store).await?);
	for (program, shop) in balances {
		let index = holdings(store, program).await?;
		for account in shop.keys().chain(index.keys().filter(|one| !shop.contains_key(one))) {
			let of = |book: &BTreeMap<AccountId, i64>| book.get(account).copied().unwrap_or_default();
			result.add(account.to_string(), program, "points", of(&shop), of(&index));
		}
	}
	Ok(result)
}

impl Comparison {
	fn add(&mut self, of: String, program: ProgramId, column: &'static str, shop: i64, index: i64) {
		self.compared += 1;
		if shop != index {
			self.differences.push(Difference { of, program, column, shop, index });
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

/// The time of the last block in the index.
async fn last_time(store: &Store) -> Result<Moment, CompareError> {
	let last: Option<Moment> =
		sqlx::query_scalar("SELECT MAX(time) FROM blocks").fetch_one(store.read()).await?;
	Ok(last.unwrap_or_default())
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

	async fn compared(text: &str) -> Comparison {
		let folder = tempfile::tempdir().unwrap();
		let book = Book::read(text.as_bytes(), 0).unwrap();
		compare(&store(&folder).await, &book, Some(1)).await.unwrap()
	}

	#[tokio::test]
	async fn totals_are_compared_day_by_day() {
		let same = "day,program,issued,redeemed,outstanding\n2026-11-02,1,100,25,75\n2026-11-03,1,50,50,75\n2026-11-04,1,0,0,75\n";
		assert!(compared(same).await.differences.is_empty());
		let other = "day,program,issued\n2026-11-02,1,99\n2026-11-03,1,50\n";
		let of = "2026-11-02".to_owned();
		let difference = Difference { of, program: 1, column: "issued", shop: 99, index: 100 };
		let found = compared(other).await;
		assert_eq!((found.compared, &found.differences), (2, &vec![difference]));
		let table: Vec<String> = found
			.to_string()
			.lines()
			.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
			.collect();
		assert_eq!(
			table,
			[
				"program shop chain difference",
				"2026-11-02 1 issued 99 100 +1",
				"2026-11-02 is not over in the index: compare it again later",
				"2 compared, 1 differ"
			]
		);
	}

	#[tokio::test]
	async fn a_day_that_the_shop_leaves_out_had_nothing() {
		let found = compared("day,program,issued\n2026-11-01,1,0\n2026-11-04,1,0\n").await;
		let days: Vec<_> = found.differences.iter().map(|one| (one.of.as_str(), one.index)).collect();
		assert_eq!(days, [("2026-11-02", 100), ("2026-11-03", 50)]);
	}

	#[tokio::test]
	async fn balances_are_compared_both_ways() {
		let differ = |text: String| async move { compared(&text).await.differences.len() };
		assert_eq!(differ(format!("account,program,points\n{ALICE},1,75\n")).await, 0);
		assert_eq!(differ("customer,program,points\nc-1,1,70\nc-1,1,5\n".into()).await, 0);
		let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
		assert_eq!(differ(format!("account,program,points\n{bob},1,3\n")).await, 2);
	}
}
