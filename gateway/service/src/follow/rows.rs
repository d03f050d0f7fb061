//! Many rows at once, in few statements.

use super::FollowError;
use crate::store::Transaction;
use sqlx::{
	Any, AssertSqlSafe,
	any::{AnyArguments, AnyRow},
	query::Query,
};

/// So many values at most go into one statement. SQLite would take 32,766, but looks each of their names up among all
/// that came before it.
const MAX_VALUES: usize = 1_000;

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
	Number(i64),
	OptionalNumber(Option<i64>),
	Text(String),
	Bytes(Vec<u8>),
	OptionalBytes(Option<Vec<u8>>),
}

impl Value {
	fn bind(self, query: Query<'static, Any, AnyArguments>) -> Query<'static, Any, AnyArguments> {
		match self {
			Self::Number(value) => query.bind(value),
			Self::OptionalNumber(value) => query.bind(value),
			Self::Text(value) => query.bind(value),
			Self::Bytes(value) => query.bind(value),
			Self::OptionalBytes(value) => query.bind(value),
		}
	}
}

/// Inserts `rows` into `table (columns)`, and does `then` (`ON CONFLICT …`, or nothing) with each.
pub(super) async fn insert<const N: usize>(
	tx: &mut Transaction,
	table: &str,
	columns: [&str; N],
	then: &str,
	rows: Vec<[Value; N]>,
) -> Result<(), FollowError> {
	let mut rows = rows.into_iter().peekable();
	while rows.peek().is_some() {
		let some: Vec<_> = rows.by_ref().take(MAX_VALUES / N).collect();
		let statement = statement(table, columns, then, some.len());
		bind(&statement, some).execute(&mut **tx).await?;
	}
	Ok(())
}

/// The same with a `then` that ends in `RETURNING …`.
pub(super) async fn insert_returning<const N: usize>(
	tx: &mut Transaction,
	table: &str,
	columns: [&str; N],
	then: &str,
	rows: Vec<[Value; N]>,
) -> Result<Vec<AnyRow>, FollowError> {
	let (mut rows, mut returned) = (rows.into_iter().peekable(), Vec::new());
	while rows.peek().is_some() {
		let some: Vec<_> = rows.by_ref().take(MAX_VALUES / N).collect();
		let statement = statement(table, columns, then, some.len());
		returned.extend(bind(&statement, some).fetch_all(&mut **tx).await?);
	}
	Ok(returned)
}

fn statement<const N: usize>(table: &str, columns: [&str; N], then: &str, rows: usize) -> String {
	let places: Vec<_> = (0..rows)
		.map(|row| {
			let row: Vec<_> = (1..=N).map(|place| format!("${}", row * N + place)).collect();
			format!("({})", row.join(", "))
		})
		.collect();
	format!("INSERT INTO {table} ({}) VALUES {} {then}", columns.join(", "), places.join(", "))
}

fn bind<const N: usize>(statement: &str, rows: Vec<[Value; N]>) -> Query<'static, Any, AnyArguments> {
	let query = sqlx::query(AssertSqlSafe(statement.to_owned()));
	rows.into_iter().flatten().fold(query, |query, value| value.bind(query))
}
