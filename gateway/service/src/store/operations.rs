//! What somebody asked the gateway to do, and where that stands.

use super::{Moment, StoreError};
use crate::model::{Action, Problem};
use hanse_chain::InstitutionId;
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};

/// Where an operation stands. It only moves on, and ends with one of the last four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
	/// Stored: it will happen, or say why not.
	Accepted,
	/// In a transaction that is signed and stored.
	Signed,
	/// The node has that transaction.
	Sent,
	/// In a block that can still be replaced.
	InBlock,
	/// In a final block, and it did what it should.
	Final,
	/// In a final block, and the chain refused it; or it was refused before it was signed.
	Failed,
	/// Its own transaction, which the caller had signed, can be in no block any more.
	Expired,
	/// It cannot be told what became of it; somebody has to look.
	Stuck,
}

impl Status {
	pub const ALL: [Self; 8] = [
		Self::Accepted,
		Self::Signed,
		Self::Sent,
		Self::InBlock,
		Self::Final,
		Self::Failed,
		Self::Expired,
		Self::Stuck,
	];

	pub fn name(self) -> &'static str {
		match self {
			Self::Accepted => "accepted",
			Self::Signed => "signed",
			Self::Sent => "sent",
			Self::InBlock => "in_block",
			Self::Final => "final",
			Self::Failed => "failed",
			Self::Expired => "expired",
			Self::Stuck => "stuck",
		}
	}

	/// Whether nothing more will become of it.
	pub fn is_over(self) -> bool {
		matches!(self, Self::Final | Self::Failed | Self::Expired | Self::Stuck)
	}

	/// Whether it has come as far as `until`, if all goes well.
	pub fn reaches(self, until: Self) -> bool {
		let place = |status| Self::ALL.iter().position(|one| *one == status);
		!until.is_over() && place(self) >= place(until)
	}

	fn read(name: &str) -> Result<Self, StoreError> {
		Self::ALL
			.into_iter()
			.find(|status| status.name() == name)
			.ok_or_else(|| StoreError::Inconsistent(format!("an operation with the status {name}")))
	}
}

#[derive(Clone, Debug)]
pub struct Operation {
	/// A UUID of version 7: in the order in which they were accepted.
	pub id: String,
	pub institution: InstitutionId,
	pub lane: String,
	pub once: Option<String>,
	pub reference: Option<String>,
	pub action: Action,
	pub status: Status,
	pub tx: Option<Vec<u8>>,
	pub place: Option<i64>,
	pub block: Option<i64>,
	pub extrinsic: Option<i64>,
	pub result: Option<serde_json::Value>,
	pub error: Option<Problem>,
	pub created: Moment,
	pub updated: Moment,
}

impl Operation {
	/// The columns that [`Operation::read`] wants.
	pub const COLUMNS: &'static str = "id, institution, lane, once, reference, action, status, tx, place, block, extrinsic, result, error, created, updated";

	pub fn read(row: &AnyRow) -> Result<Self, StoreError> {
		let json = |name: &str| -> Result<Option<String>, StoreError> { Ok(row.try_get(name)?) };
		Ok(Self {
			id: row.try_get("id")?,
			institution: u32::try_from(row.try_get::<i64, _>("institution")?)
				.map_err(|_| StoreError::Inconsistent("an institution beyond 32 bits".into()))?,
			lane: row.try_get("lane")?,
			once: row.try_get("once")?,
			reference: row.try_get("reference")?,
			action: serde_json::from_str(&row.try_get::<String, _>("action")?)?,
			status: Status::read(&row.try_get::<String, _>("status")?)?,
			tx: row.try_get("tx")?,
			place: row.try_get("place")?,
			block: row.try_get("block")?,
			extrinsic: row.try_get("extrinsic")?,
			result: json("result")?.map(|text| serde_json::from_str(&text)).transpose()?,
			error: json("error")?.map(|text| serde_json::from_str(&text)).transpose()?,
			created: row.try_get("created")?,
			updated: row.try_get("updated")?,
		})
	}
}
