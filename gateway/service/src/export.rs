//! The index as lines of JSON (NDJSON), for analysts: what any gateway writes of the same chain is the same, to the byte.
//!
//! Every line has a `cursor`; what comes after a line is asked for by that.

use crate::store::{Store, StoreError};
use hanse_chain::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{Row, any::AnyRow};
use std::{fmt, str::FromStr};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// So many lines are read from the database at once.
pub const PAGE: i64 = 2_000;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Table {
	Events,
	Blocks,
	Vintages,
	Payments,
}

impl Table {
	pub const ALL: [Self; 4] = [Self::Events, Self::Blocks, Self::Vintages, Self::Payments];

	pub fn name(self) -> &'static str {
		match self {
			Self::Events => "events",
			Self::Blocks => "blocks",
			Self::Vintages => "vintages",
			Self::Payments => "payments",
		}
	}

	/// Rows after the place ($1, $2), $3 of them at most.
	fn statement(self) -> &'static str {
		match self {
			Self::Events => {
				"SELECT e.*, b.time FROM events e JOIN blocks b ON b.number = e.block WHERE e.block > $1 OR (e.block = $1 AND e.position > $2) ORDER BY e.block, e.position LIMIT $3"
			},
			Self::Blocks => {
				"SELECT * FROM blocks WHERE number > $1 OR (number = $1 AND 0 > $2) ORDER BY number LIMIT $3"
			},
			Self::Vintages => {
				"SELECT v.*, p.institution FROM vintages v JOIN programs p ON p.program = v.program WHERE v.asset > $1 OR (v.asset = $1 AND 0 > $2) ORDER BY v.asset LIMIT $3"
			},
			Self::Payments => {
				"SELECT * FROM payments WHERE block > $1 OR (block = $1 AND position > $2) ORDER BY block, position LIMIT $3"
			},
		}
	}

	fn line(self, row: &AnyRow) -> Result<Line, StoreError> {
		let number = |name: &str| row.try_get::<i64, _>(name);
		let text = |name: &str| row.try_get::<String, _>(name);
		let bytes = |name: &str| -> Result<String, sqlx::Error> {
			Ok(format!("0x{}", hex::encode(row.try_get::<Vec<u8>, _>(name)?)))
		};
		let amount = |name: &str| -> Result<String, sqlx::Error> { Ok(number(name)?.to_string()) };
		let optional = |name: &str| row.try_get::<Option<i64>, _>(name);
		let (place, mut fields) = match self {
			Self::Events => (
				Place { number: number("block")?, position: number("position")? },
				json!({
					"block": number("block")?,
					"time": number("time")?,
					"position": number("position")?,
					"extrinsic": optional("extrinsic")?,
					"pallet": text("pallet")?,
					"name": text("name")?,
					"data": serde_json::from_str::<Value>(&text("data")?)?,
				}),
			),
			Self::Blocks => (
				Place::of(number("number")?),
				json!({
					"block": number("number")?,
					"hash": bytes("hash")?,
					"parent": bytes("parent")?,
					"time": number("time")?,
					"spec_version": number("spec_version")?,
					"transactions": number("transactions")?,
					"events": number("events")?,
				}),
			),
			Self::Vintages => (
				Place::of(number("asset")?),
				json!({
					"asset": number("asset")?,
					"program": number("program")?,
					"institution": number("institution")?,
					"face_value": number("face_value")?,
					"expires": number("expires")?,
					"opened_in": number("opened")?,
					"supply": amount("supply")?,
					"pending": amount("pending")?,
					"expired_in": optional("expired")?,
					"lapsed": optional("lapsed")?.map(|points| points.to_string()),
				}),
			),
			Self::Payments => (
				Place { number: number("block")?, position: number("position")? },
				json!({
					"block": number("block")?,
					"time": number("time")?,
					"position": number("position")?,
					"extrinsic": optional("extrinsic")?,
					"merchant": number("merchant")?,
					"payer": account(row, "payer")?,
					"era": number("era")?,
					"commitment": bytes("commitment")?,
					"status": text("status")?,
					"authorised": optional("authorised")?.map(|value| value.to_string()),
					"price": amount("price")?,
					"refunded": amount("refunded")?,
					"changed_in": number("changed")?,
				}),
			),
		};
		fields["cursor"] = place.to_string().into();
		Ok(Line { place, json: fields.to_string() })
	}
}

fn account(row: &AnyRow, name: &str) -> Result<String, StoreError> {
	let bytes = row.try_get::<Vec<u8>, _>(name)?;
	let bytes =
		bytes.try_into().map_err(|_| StoreError::Inconsistent("an account that is not 32 bytes".into()))?;
	Ok(AccountId(bytes).to_string())
}

impl FromStr for Table {
	type Err = String;

	fn from_str(name: &str) -> Result<Self, String> {
		let found = Self::ALL.into_iter().find(|table| table.name() == name);
		found.ok_or_else(|| format!("{name} cannot be exported: write events, blocks, vintages or payments"))
	}
}

/// Where a line stands: `BLOCK-POSITION` for events and payments, else a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
	number: i64,
	/// −1 for what has no position.
	position: i64,
}

impl Place {
	/// Before everything.
	pub const START: Self = Self { number: -1, position: -1 };

	fn of(number: i64) -> Self {
		// Beyond all positions, so that what stands at the number itself does not come again.
		Self { number, position: i64::from(u32::MAX) }
	}
}

impl fmt::Display for Place {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self.position == i64::from(u32::MAX) {
			true => write!(f, "{}", self.number),
			false => write!(f, "{}-{}", self.number, self.position),
		}
	}
}

impl FromStr for Place {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong = || format!("{text} is no cursor: take that of the last line that you have");
		let (number, position) = match text.split_once('-') {
			Some((number, position)) => (number, position.parse::<u32>().map_err(|_| wrong())?),
			None => (text, u32::MAX),
		};
		let number = number.parse::<u32>().map_err(|_| wrong())?;
		Ok(Self { number: number.into(), position: position.into() })
	}
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
	pub place: Place,
	/// Without the end of the line.
	pub json: String,
}

/// Up to `limit` lines after a place.
pub async fn page(store: &Store, table: Table, after: Place, limit: i64) -> Result<Vec<Line>, StoreError> {
	let rows = sqlx::query(table.statement())
		.bind(after.number)
		.bind(after.position)
		.bind(limit)
		.fetch_all(store.read())
		.await?;
	rows.iter().map(|row| table.line(row)).collect()
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error("it cannot be written: {0}")]
	Output(#[from] std::io::Error),
}

/// Writes all lines after a place that there are by now, and returns how many.
pub async fn write(
	store: &Store,
	table: Table,
	after: Place,
	out: &mut (impl AsyncWrite + Unpin),
) -> Result<u64, ExportError> {
	let (mut after, mut written) = (after, 0);
	loop {
		let lines = page(store, table, after, PAGE).await?;
		let Some(last) = lines.last() else { break };
		after = last.place;
		for line in &lines {
			out.write_all(line.json.as_bytes()).await?;
			out.write_all(b"\n").await?;
			written += 1;
		}
	}
	out.flush().await?;
	Ok(written)
}
